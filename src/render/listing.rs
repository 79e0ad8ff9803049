//! An answer as text while its rows are still being found: all of it put together is what the whole would give.

use super::{
    answer::{self, View},
    csv,
    data::Data,
    json,
    sheet::Sheet,
    table::{self, Layout},
};
use crate::{
    error::Result,
    query::{Answer, Field},
};

/// The forms in which a row can be written before the last one is known.
#[derive(Clone, Copy, Debug)]
pub enum Form {
    /// Aligned columns for a person.
    Table(View),
    /// Comma-separated values.
    Csv,
    /// One JSON object a row.
    Jsonl,
}

/// So many rows decide how wide the columns of a table are; a longer text further down is wrapped in its column.
const DECIDE: usize = 200;

/// Pieces of an answer, as [`crate::Database::query_in_pieces`] gives them, on their way to text.
///
/// ```
/// # fn main() -> gongkai::Result<()> {
/// use gongkai::render::listing::{Form, Listing};
///
/// let db = gongkai::Database::in_memory();
/// let (mut listing, mut text) = (Listing::new(Form::Csv), String::new());
/// let rest = db.query_in_pieces("check identities | failed", |piece| {
///     text.push_str(&listing.piece(piece)?);
///     Ok(())
/// })?;
/// text.push_str(&listing.end(&rest)?);
/// assert_eq!(text, "body,year,rule,status,printed,computed,cells,severity,verdict,text\r\n");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Listing {
    form: Form,
    /// Rows that wait for the columns of the table to be decided.
    held: Vec<Vec<Field>>,
    layout: Option<Layout>,
    written: usize,
    first: Option<Vec<Field>>,
}

impl Listing {
    /// Nothing written yet.
    #[must_use]
    pub fn new(form: Form) -> Self {
        Self { form, held: Vec::new(), layout: None, written: 0, first: None }
    }

    /// The text of the rows found just now; of a table nothing, until there are enough to decide its columns.
    ///
    /// # Errors
    /// None that an answer of this library causes: a row that is no JSON.
    pub fn piece(&mut self, mut piece: Answer) -> Result<String> {
        if self.layout.is_none() && matches!(self.form, Form::Table(_)) {
            self.held.append(&mut piece.rows);
            if self.held.len() < DECIDE {
                return Ok(String::new());
            }
            piece.rows = std::mem::take(&mut self.held);
        }
        self.rows(&piece)
    }

    /// How many rows were written so far.
    #[must_use]
    pub fn written(&self) -> usize {
        self.written
    }

    /// The text that is left: rows, and under a table what belongs to it.
    ///
    /// # Errors
    /// As [`Listing::piece`].
    pub fn end(mut self, rest: &Answer) -> Result<String> {
        if self.written == 0 {
            let whole = self.whole(rest);
            return match self.form {
                Form::Table(view) => Ok(answer::text(&whole, view)),
                Form::Csv => Ok(csv::text(&whole)),
                Form::Jsonl => json::lines(&whole),
            };
        }
        let mut text = if rest.rows.is_empty() { String::new() } else { self.rows(rest)? };
        if let Form::Table(view) = self.form {
            for line in answer::below(rest, view).iter().flat_map(|line| table::wrapped(line, view.width)) {
                text.push_str(&(line + "\n"));
            }
        }
        Ok(text)
    }

    /// The answer with what tells the kinds of its columns: its rows where they wait here, else its first.
    #[must_use]
    pub fn whole(&mut self, rest: &Answer) -> Answer {
        let mut whole = rest.clone();
        let mut rows: Vec<Vec<Field>> = self.first.iter().cloned().collect();
        rows.append(&mut self.held);
        rows.append(&mut whole.rows);
        whole.earlier = rest.count() - rows.len();
        whole.rows = rows;
        whole
    }

    fn rows(&mut self, piece: &Answer) -> Result<String> {
        let first = self.written == 0;
        if first {
            self.first = piece.rows.first().cloned();
        }
        self.written += piece.rows.len();
        match self.form {
            Form::Csv if first => Ok(csv::text(piece)),
            Form::Csv => {
                let mut text = String::new();
                csv::rows(&mut text, &Data::of(piece));
                Ok(text)
            }
            Form::Jsonl => json::lines(piece),
            Form::Table(view) => {
                let sheet = Sheet::of(piece, view.lang);
                let mut lines = if first { answer::head(piece, view) } else { Vec::new() };
                let layout = self.layout.get_or_insert_with(|| Layout::of(&sheet, view.width));
                lines.extend(layout.lines(&sheet, first));
                lines.push(String::new());
                Ok(lines.join("\n"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        messages::Lang,
        query::{PlaceName, Title},
    };

    /// Findings of so many bodies, one a piece; the last have more to say.
    fn pieces(count: usize) -> Vec<Answer> {
        let title = |id: &str| Title { id: id.to_owned(), label: crate::query::Bilingual::default(), unit: None };
        let place =
            |at: usize| PlaceName {
                code: at.to_string(), name: format!("机关{at}"), path: format!("市/机关{at}")
            };
        let text = |at: usize| if at < DECIDE { "21, 12" } else { "a text, longer than those before it" };
        (0..count)
            .map(|at| Answer {
                query: crate::query::Bilingual { en: "check identities".to_owned(), zh: "核对勾稽".to_owned() },
                columns: vec![title("body"), title("text")],
                rows: vec![vec![Field::Place(place(at)), Field::Text(text(at).to_owned())]],
                ..Answer::default()
            })
            .collect()
    }

    /// The text piece by piece, and at once.
    fn both(form: Form, count: usize) -> (String, String, usize) {
        let pieces = pieces(count);
        let mut listing = Listing::new(form);
        let mut text: String = pieces.iter().map(|piece| listing.piece(piece.clone()).unwrap()).collect();
        let written = listing.written();
        let ended = Answer { rows: Vec::new(), failed: Some(count as u64), earlier: count, ..pieces[0].clone() };
        text.push_str(&listing.end(&ended).unwrap());
        let rows = pieces.into_iter().flat_map(|piece| piece.rows).collect();
        let whole = Answer { rows, earlier: 0, ..ended };
        (text, Listing::new(form).end(&whole).unwrap(), written)
    }

    #[test]
    fn rows_for_programs_are_written_at_once_and_are_those_of_the_whole() {
        for form in [Form::Csv, Form::Jsonl] {
            let (text, whole, written) = both(form, 3);
            assert_eq!((text, written), (whole, 3));
        }
        assert_eq!(both(Form::Csv, 2).0, "body,body_code,text\r\n市/机关0,0,\"21, 12\"\r\n市/机关1,1,\"21, 12\"\r\n");
    }

    #[test]
    fn a_table_waits_until_its_columns_are_decided() {
        let view = View { lang: Lang::En, width: usize::MAX, rows: usize::MAX, prompt: false };
        let (text, whole, written) = both(Form::Table(view), DECIDE - 1);
        assert_eq!((text, written), (whole, 0));
        let (text, whole, written) = both(Form::Table(view), DECIDE + 2);
        assert_eq!(written, DECIDE + 2);
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.starts_with("Read as check identities\n") && text.ends_with("202 of 202 failed\n"), "{text}");
        // Two rows of longer texts, wrapped in the column of "21, 12", with every word of them there.
        assert_eq!(words(&text).replace(' ', ""), words(&whole).replace(' ', ""));
        assert!(text.lines().skip(1).all(|line| crate::text::width::of(line) <= 24), "{text}");
    }
}
