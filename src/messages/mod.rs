//! Every sentence a person reads, in both languages, by key. One file per language, same keys in both.

mod said;

use std::{collections::HashMap, sync::OnceLock};

pub use said::{Filling, Said};

/// A language of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// English
    #[default]
    En,
    /// 中文
    Zh,
}

/// The sentence of a key with its `{places}` filled; the key itself where there is none.
///
/// `\n` in the file is a line break: pages of help are one entry.
pub fn text<'a>(lang: Lang, key: &str, args: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut sentence = table(lang).get(key).copied().unwrap_or(key).replace("\\n", "\n");
    for (name, value) in args {
        sentence = sentence.replace(&format!("{{{name}}}"), value);
    }
    sentence
}

/// Whether there is a sentence for the key.
#[must_use]
pub fn has(lang: Lang, key: &str) -> bool {
    table(lang).contains_key(key)
}

fn table(lang: Lang) -> &'static HashMap<&'static str, &'static str> {
    static EN: OnceLock<HashMap<&str, &str>> = OnceLock::new();
    static ZH: OnceLock<HashMap<&str, &str>> = OnceLock::new();
    match lang {
        Lang::En => EN.get_or_init(|| parse(include_str!("en.tsv"))),
        Lang::Zh => ZH.get_or_init(|| parse(include_str!("zh.tsv"))),
    }
}

fn parse(file: &'static str) -> HashMap<&'static str, &'static str> {
    file.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_keys_and_places() {
        let places = |sentence: &str| {
            let mut names: Vec<String> =
                sentence.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0.to_owned())).collect();
            names.sort();
            names.dedup();
            names
        };
        let (en, zh) = (table(Lang::En), table(Lang::Zh));
        let mut keys: Vec<_> = en.keys().chain(zh.keys()).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            let (Some(en), Some(zh)) = (en.get(key), zh.get(key)) else { panic!("{key} is missing in one language") };
            assert_eq!(places(en), places(zh), "{key}");
        }
    }
}
