//! Questions to a database: a text becomes steps, and each step an answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Database, record};
use crate::{
    error::{Error, ErrorKind, Result},
    model::ReportKey,
    query::{self, Answer, Assertion, Context, Lexicon, Plan, Population, Prepared, Question, Session, Step, Value},
    store::View,
    text::Source,
};

/// The reports of one revision with the words their bodies add to the language.
#[derive(Debug)]
pub struct Ground {
    /// The reports.
    pub view: View,
    /// The words.
    pub lexicon: Lexicon,
}

/// The ground of the newest revision asked about: words are sorted once a revision, not once a question.
#[derive(Debug, Default)]
pub struct Kept(Mutex<Option<Arc<Ground>>>);

/// The table of residents that questions may divide by; nothing until one is attached.
#[derive(Debug, Default)]
pub struct Residents(Mutex<Option<Arc<Population>>>);

impl Residents {
    fn attached(&self) -> MutexGuard<'_, Option<Arc<Population>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a step of a text gave.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Done {
    /// It set something for the steps after it.
    Set,
    /// A script is to be read in here, as written.
    Include(String),
    /// An answer.
    Answer(Box<Answer>),
    /// A judgement or a correction is stored.
    Stored,
    /// What became of a claim.
    Assert(Box<super::claim::Asserted>),
}

impl Database {
    /// Answers one statement, in English, Chinese or a mix.
    ///
    /// # Errors
    /// [`ErrorKind::Query`] with diagnostics when the text is not a statement that can be answered,
    /// another kind when the store cannot be read.
    pub fn query(&self, text: &str) -> Result<Answer> {
        one(self.query_all(text)?)
    }

    /// The same with the files the answer rests on, of up to `most` reports: see [`Answer::sources`].
    ///
    /// Looking up the file of a report takes a read of the archive, some ten thousandths of a second or two, where
    /// the answer itself may take less for the whole country.
    ///
    /// ```
    /// # use gongkai::{Database, ingest::Options};
    /// let db = Database::in_memory();
    /// db.ingest("examples/data/太原市万柏林区-2024.txt", &Options::default())?;
    /// let sources = db.query_cited("new in 万柏林区 2024", u64::MAX)?.sources.expect("one report was read");
    /// assert_eq!((sources.reports, sources.files), (1, Some(1)));
    /// assert_eq!(sources.listed[0].file, "examples/data/太原市万柏林区-2024.txt");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Database::query`].
    pub fn query_cited(&self, text: &str, most: u64) -> Result<Answer> {
        one(self.answers(text, Some(most))?)
    }

    /// Reads one question with parameters (`$city`, `$years`) and looks up every name in it that is none.
    ///
    /// ```
    /// # use gongkai::{Database, ingest::Options, model::Year};
    /// let db = Database::in_memory();
    /// db.ingest("examples/data/太原市万柏林区-2024.txt", &Options::default())?;
    /// let question = db.prepare("share of $kind in $district $years")?;
    /// let year = Year::new(2024).ok_or("no report year")?;
    /// let values = [("kind", "not_held".into()), ("district", "万柏林区".into()), ("years", year.into())];
    /// let answer = db.ask(&question, &values)?;
    /// assert_eq!(answer.query.en, "share of not_held out_of outcome.total in 山西省/太原市/万柏林区 2024");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Query`] with diagnostics when it is not a question or names something unknown,
    /// [`ErrorKind::Usage`] for another statement or several, another kind when the store cannot be read.
    pub fn prepare(&self, text: &str) -> Result<Prepared> {
        let ground = self.ground()?;
        Prepared::of(text, &ground.lexicon, &ground.view)
    }

    /// Answers a prepared or built question with values for its parameters, by name.
    ///
    /// # Errors
    /// [`ErrorKind::Query`] when a value is missing, is of another kind than its place wants or means nothing; the
    /// diagnostics point into [`Prepared::text`]. [`ErrorKind::Usage`] for a name that is no parameter of it. As
    /// [`Database::query`] otherwise.
    pub fn ask(&self, question: &Prepared, values: &[(&str, Value)]) -> Result<Answer> {
        let ground = self.ground()?;
        self.answer(&question.question(values, &ground.lexicon, &ground.view)?)
    }

    /// Answers statements separated by `;` or line ends, in order; none is carried out when one is wrong.
    ///
    /// # Errors
    /// As [`Database::query`].
    pub fn query_all(&self, text: &str) -> Result<Vec<Answer>> {
        self.answers(text, None)
    }

    fn answers(&self, text: &str, cite: Option<u64>) -> Result<Vec<Answer>> {
        let mut session = Session::default();
        let mut answers = Vec::new();
        for step in self.understand(&Source::new("query", text), &mut session)? {
            match self.carry_out_citing(&step, cite)? {
                Done::Answer(answer) => answers.push(*answer),
                Done::Assert(asserted) => answers.push(asserted.answer),
                Done::Set | Done::Include(_) | Done::Stored => {}
            }
        }
        Ok(answers)
    }

    /// Finds what a text means, statement by statement, without carrying it out. What it sets stays in the session.
    ///
    /// # Errors
    /// [`ErrorKind::Query`] with every complaint about the text, another kind when the store cannot be read.
    pub fn understand(&self, source: &Source, session: &mut Session) -> Result<Vec<Step>> {
        let ground = self.ground()?;
        query::understand(source, &ground.lexicon, &ground.view, session).map_err(Error::query)
    }

    /// Carries out one step of a text.
    ///
    /// # Errors
    /// [`ErrorKind::Query`] when it would count something twice, another kind when the store cannot be read or written.
    pub fn carry_out(&self, step: &Step) -> Result<Done> {
        self.carry_out_citing(step, None)
    }

    /// The same; with `cite` an answer says which files it rests on, of up to so many reports: see
    /// [`Database::query_cited`].
    ///
    /// # Errors
    /// As [`Database::carry_out`].
    pub fn carry_out_citing(&self, step: &Step, cite: Option<u64>) -> Result<Done> {
        match step {
            Step::Set => Ok(Done::Set),
            Step::Include(file) => Ok(Done::Include(file.clone())),
            Step::Query(question) => Ok(Done::Answer(Box::new(self.answer_citing(question, cite)?))),
            Step::Assert(assertion) => Ok(Done::Assert(Box::new(self.assert(assertion, cite)?))),
            Step::Verdict(judged) => self.judge(judged),
            Step::Correct(corrected) => self.correct(corrected),
        }
    }

    /// The words of the language with those of the store, for completion and colours.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn ground(&self) -> Result<Arc<Ground>> {
        let view = self.view()?;
        let mut kept = self.kept.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ground) = kept.as_ref().filter(|ground| ground.view.revision() == view.revision()) {
            return Ok(Arc::clone(ground));
        }
        let ground = Arc::new(Ground { lexicon: Lexicon::of(&view), view });
        *kept = Some(Arc::clone(&ground));
        Ok(ground)
    }

    /// Attaches a table of residents, in place of an earlier one: measures such as `per_100k` divide by it.
    ///
    /// ```
    /// # fn main() -> Result<(), Vec<gongkai::schema::BadRow>> {
    /// let db = gongkai::Database::in_memory();
    /// let table = gongkai::query::Population::parse("division,year,population\n140109,2024,940000\n")?;
    /// db.attach_population(table);
    /// # Ok(())
    /// # }
    /// ```
    pub fn attach_population(&self, table: Population) {
        *self.residents.attached() = Some(Arc::new(table));
    }

    /// Attaches the table of residents of another database, if it has one.
    pub fn share_population(&self, other: &Self) {
        let table = other.residents.attached().clone();
        *self.residents.attached() = table;
    }

    /// What stops the questions this database is answering, from another thread.
    ///
    /// ```
    /// let db = gongkai::Database::in_memory();
    /// let handle = db.interrupt_handle();
    /// std::thread::spawn(move || handle.interrupt());
    /// ```
    #[must_use]
    pub fn interrupt_handle(&self) -> query::InterruptHandle {
        self.interrupt.clone()
    }

    /// How far a question reaches into the store, without asking it.
    ///
    /// # Errors
    /// As [`Database::query`].
    pub fn reach(&self, question: &Question) -> Result<query::Reach> {
        query::reach(&question.plan, &self.of(question)?).map_err(|error| error.placed(|_| question.whose))
    }

    /// What a question is asked of: the store now, or as it stood.
    fn of(&self, question: &Question) -> Result<View> {
        match question.plan.as_of.as_deref().and_then(record::end_of_day) {
            Some(time) => self.as_of(time),
            None => self.view(),
        }
    }

    /// Answers a question that is understood.
    ///
    /// # Errors
    /// As [`Database::query`].
    pub fn answer(&self, question: &Question) -> Result<Answer> {
        self.answer_citing(question, None)
    }

    /// The same; with `cite` the answer says which files it rests on, of up to so many reports: see
    /// [`Database::query_cited`].
    ///
    /// # Errors
    /// As [`Database::query`].
    pub fn answer_citing(&self, question: &Question, cite: Option<u64>) -> Result<Answer> {
        self.carried(question, cite, query::execute)
    }

    /// Answers one statement and hands over rows before the whole is known: the results that a `check` lists come
    /// report by report, each piece under the same columns. What comes back holds the rest of the rows, which for every
    /// other question is all of them, how many came [earlier](Answer::earlier), and what is known at the end: notes,
    /// what failed, what is missing.
    ///
    /// ```
    /// # fn main() -> gongkai::Result<()> {
    /// let db = gongkai::Database::in_memory();
    /// let mut rows = 0;
    /// let rest = db.query_in_pieces("check identities | failed", |piece| {
    ///     rows += piece.rows.len();
    ///     Ok(())
    /// })?;
    /// assert_eq!((rows, rest.rows.len(), rest.failed), (0, 0, Some(0)));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Database::query`], or that of `take`, which ends the question. What was handed over before is right.
    pub fn query_in_pieces(&self, text: &str, mut take: impl FnMut(Answer) -> Result<()>) -> Result<Answer> {
        let ground = self.ground()?;
        let question = Prepared::of(text, &ground.lexicon, &ground.view)?;
        self.answer_in_pieces(&question.question(&[], &ground.lexicon, &ground.view)?, None, &mut take)
    }

    /// The same for a question that is understood, with sources as [`Database::answer_citing`] gives them.
    ///
    /// # Errors
    /// As [`Database::query_in_pieces`].
    pub fn answer_in_pieces(&self, question: &Question, cite: Option<u64>, take: &mut query::Take) -> Result<Answer> {
        self.carried(question, cite, |plan, view, context| {
            query::execute_in_pieces(plan, view, context, &mut |piece| {
                take(Answer { query: question.text.clone(), ..piece })
            })
        })
    }

    /// An answer by what carries out a plan, with all it may ask.
    fn carried(
        &self,
        question: &Question,
        cite: Option<u64>,
        execute: impl FnOnce(&Plan, &View, &Context) -> Result<Answer>,
    ) -> Result<Answer> {
        let watch = self.interrupt.watch();
        let view = self.of(question)?;
        let verdicts = record::verdicts(&view);
        let history = |key: &ReportKey| Ok(record::history(&view, key));
        let register = self.register();
        let residents = self.residents.attached().clone();
        let context = Context {
            verdicts: &verdicts,
            history: Some(&history),
            watch: Some(&watch),
            register: register.as_deref(),
            population: residents.as_deref(),
            cite,
            ..Context::default()
        };
        let place = |code: &str| if code == "GK0303" { question.wanted } else { question.whose };
        let mut answer = execute(&question.plan, &view, &context).map_err(|error| error.placed(place))?;
        answer.query = question.text.clone();
        // An empty answer of that day is no answer about today.
        if let Some(day) = question.plan.as_of.as_ref().filter(|_| view.years().is_empty()) {
            let args = vec![("day".to_owned(), day.clone())];
            answer.notes.insert(0, query::Note { code: "before_all".to_owned(), args });
        }
        Ok(answer)
    }

    fn assert(&self, assertion: &Assertion, cite: Option<u64>) -> Result<super::claim::Asserted> {
        Ok(super::claim::judge(assertion, self.answer_citing(&assertion.question, cite)?))
    }
}

/// The answer of a text that should have one.
fn one(mut answers: Vec<Answer>) -> Result<Answer> {
    match (answers.pop(), answers.is_empty()) {
        (Some(answer), true) => Ok(answer),
        _ => Err(Error::new(ErrorKind::Usage, "database.one_question")),
    }
}
