//! Reports that a script under test brings along, in its own comments.
//!
//! `#% reports FILE…` names files beside the script. `#% begin NAME` … `#% end` holds the text of one report, each
//! line after `# `, as `gongkai read` would be given it.

use std::path::{Path, PathBuf};

use gongkai::{
    Diagnostic,
    text::{Source, Span},
};

/// A report brought along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Report {
    /// A file.
    File(PathBuf),
    /// A text with its name.
    Text(String, String),
}

/// The reports named or written in a script that lies at `file`.
pub fn reports(source: &Source, file: &Path) -> Result<Vec<Report>, Box<Diagnostic>> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut found = Vec::new();
    let mut open: Option<(String, String, Span)> = None;
    let mut start = 0;
    for line in source.text().split_inclusive('\n') {
        let span = Span::new(start, start + line.trim_end().len());
        start += line.len();
        let line = line.trim_end();
        if let Some(directive) = line.strip_prefix("#%") {
            let mut words = directive.split_whitespace();
            match (words.next(), open.take()) {
                (Some("reports"), None) => found.extend(words.map(|word| Report::File(folder.join(word)))),
                (Some("begin"), None) => {
                    let name = words.collect::<Vec<_>>().join(" ");
                    open = Some((if name.is_empty() { "inline".to_owned() } else { name }, String::new(), span));
                }
                (Some("end"), Some((name, text, _))) => found.push(Report::Text(name, text)),
                _ => return Err(Box::new(Diagnostic::error("GK0506", span))),
            }
        } else if let Some((_, text, _)) = &mut open {
            let line = line.strip_prefix("# ").or_else(|| line.strip_prefix('#'));
            let line = line.ok_or_else(|| Box::new(Diagnostic::error("GK0507", span)))?;
            text.push_str(line);
            text.push('\n');
        }
    }
    match open {
        Some((_, _, span)) => Err(Box::new(Diagnostic::error("GK0506", span))),
        None => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_texts_are_found() {
        let source = Source::new(
            "t.gk",
            "gongkai 1\n#% reports a.txt b.html\n#% begin 万柏林区\n# 标题\n#\n# 规章 | 0\n#% end\n",
        );
        let found = reports(&source, Path::new("dir/t.gk")).unwrap();
        assert_eq!(found[0], Report::File("dir/a.txt".into()));
        assert_eq!(found[1], Report::File("dir/b.html".into()));
        assert_eq!(found[2], Report::Text("万柏林区".to_owned(), "标题\n\n规章 | 0\n".to_owned()));
    }

    #[test]
    fn what_is_left_open_is_said() {
        for text in ["#% begin a\n# x\n", "#% end\n", "#% begin a\nx\n#% end\n", "#% nonsense\n"] {
            assert!(reports(&Source::new("t.gk", text), Path::new("t.gk")).is_err(), "{text}");
        }
    }
}
