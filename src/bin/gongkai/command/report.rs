//! `gongkai report PLACE YEAR -o page.html`: one page for one report.

use gongkai::{
    Database, ErrorKind,
    model::{BodyId, Report, Year},
    query::Answer,
    render::page,
    schema::{self, NamedBody, body_path},
};

use crate::{
    args::ReportArgs,
    draft::Draft,
    draw,
    exit::{Done, Exit, Fail},
    input,
    session::Session,
    store,
};

/// What the page shows over the years.
const OVER_YEARS: [&str; 5] = ["new", "rate.disclosure", "rate.not_held", "rate.nondisclosure", "review"];

/// What it shows beside where residents are known.
const PER_RESIDENTS: &str = "per_100k";

/// Writes the page of a report.
pub fn run(args: &ReportArgs, session: &Session) -> Done {
    let database = store::to_ask(&args.from, session)?;
    input::population(args.population.as_deref(), &database, session)?;
    let year = Year::new(args.year).ok_or_else(|| Fail::usage("report.none"))?;
    let view = database.view()?;
    let id = body(&args.place, year, &database)?;
    let missing =
        || Fail::said(Exit::Store, "report.none").with("place", &args.place).with("year", args.year.to_string());
    let report: Report = view.find(&id).and_then(|at| view.report(at, year)).ok_or_else(missing)?;
    let per_residents = args.population.is_some().then_some(&PER_RESIDENTS);
    let measures = OVER_YEARS.iter().chain(per_residents);
    let answers = measures.map(|measure| over_years(measure, &id, &database)).collect::<Done<Vec<_>>>()?;
    let page = page::page(&report, &answers, session.lang);
    match &args.output {
        Some(path) => {
            Draft::write(path, page.as_bytes())?;
            let file = path.display().to_string();
            draw::note(session, &session.say("repl.saved", &[("file", &file)]));
        }
        None => std::io::Write::write_all(&mut std::io::stdout().lock(), page.as_bytes())?,
    }
    Ok(Exit::Ok)
}

fn over_years(measure: &str, id: &BodyId, database: &Database) -> Done<Answer> {
    match database.query_cited(&format!("{measure} by year in {}", body_path(id)), u64::MAX) {
        Ok(answer) => Ok(answer),
        // A body whose name the language cannot say still has its tables.
        Err(error) if error.kind() == ErrorKind::Query => Ok(Answer::default()),
        Err(error) => Err(error.into()),
    }
}

/// The body of a name, a path or a code.
fn body(place: &str, year: Year, database: &Database) -> Done<BodyId> {
    if let Ok(id) = place.trim_start_matches('@').parse() {
        return Ok(id);
    }
    let view = database.view()?;
    let known: Vec<_> = view.bodies().to_vec();
    match schema::body(place, Some(year), &known.into()) {
        NamedBody::One(body) => Ok(body.id),
        NamedBody::Several(several) => {
            let paths: Vec<String> = several.iter().map(|body| body_path(&body.id)).collect();
            Err(Fail::usage("report.several").with("place", place).with("paths", paths.join(", ")))
        }
        _ => Err(Fail::usage("report.unknown").with("place", place)),
    }
}
