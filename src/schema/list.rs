//! Lists that a user keeps as CSV beside the reports: rows by the names of their columns, bad rows by their line.

/// A row that was left out, with its line and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Line in the file, from 1.
    pub line: u64,
    /// Code of the sentence in `messages/`.
    pub code: &'static str,
    /// The field it is about, as written.
    pub text: String,
}

/// Why a row cannot be taken up: the code of the sentence, and the field as written.
pub type Wrong = (&'static str, String);

/// Hands over the fields of each row in the order of `columns`, which the first line names in any order among others.
/// The first `needed` of them must be there, in every row, else nothing is read and `without` says so; others may be left out, and are empty. What comes back are the rows that are wrong.
pub(crate) fn rows<const N: usize>(
    text: &str,
    columns: [&str; N],
    needed: usize,
    without: &'static str,
    mut take: impl FnMut([&str; N]) -> Result<(), Wrong>,
) -> Vec<BadRow> {
    let text = text.trim_start_matches('\u{feff}');
    let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let heads = rows.headers().cloned().unwrap_or_default();
    let places = columns.map(|name| heads.iter().position(|head| head.eq_ignore_ascii_case(name)));
    let written = |row: &csv::StringRecord| row.iter().collect::<Vec<_>>().join(",");
    if places.iter().take(needed).any(Option::is_none) {
        return vec![BadRow { line: 1, code: without, text: written(&heads) }];
    }
    let mut bad = Vec::new();
    for row in rows.records() {
        let (line, taken) = match row {
            Err(error) => (error.position().map_or(0, csv::Position::line), Err(("GK0451", error.to_string()))),
            Ok(row) => {
                let line = row.position().map_or(0, csv::Position::line);
                let lacks = places.iter().take(needed).flatten().any(|&at| at >= row.len());
                // 1,234,567 written with commas would be read as 1.
                let taken = if lacks || row.len() > heads.len() {
                    Err(("GK0465", written(&row)))
                } else {
                    take(places.map(|place| place.and_then(|at| row.get(at)).unwrap_or_default()))
                };
                (line, taken)
            }
        };
        bad.extend(taken.err().map(|(code, text)| BadRow { line, code, text }));
    }
    bad
}
