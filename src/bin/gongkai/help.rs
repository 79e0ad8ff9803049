//! Help in the reader's language: the words of the parser come from the message catalogue.

use clap::{Arg, ArgAction, Command, CommandFactory};
use gongkai::messages::{self, Lang};

use crate::args::Cli;

/// Options every command takes, in the order of the help.
pub const GENERAL: [&str; 9] = ["db", "register", "wait", "lang", "color", "quiet", "verbose", "help", "version"];

/// The parser with every sentence in `lang`.
pub fn parser(lang: Lang) -> Command {
    let command = Cli::command();
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names.iter().fold(dress(command, "gongkai", lang), |command, name| {
        command.mut_subcommand(name, |sub| dress(sub, name, lang))
    })
}

fn dress(command: Command, name: &str, lang: Lang) -> Command {
    let word = |key: &str| messages::text(lang, key, []);
    let examples = word(&format!("help.{name}.examples"));
    let template = format!(
        "{{about-with-newline}}\n{}\n{examples}\n\n{} {{usage}}\n\n{{all-args}}",
        word("help.heading.examples"),
        word("help.heading.usage"),
    );
    let mut command = command
        .about(word(&format!("help.{name}")))
        .help_template(template)
        .subcommand_help_heading(word("help.heading.commands"))
        .disable_help_flag(true)
        .disable_version_flag(name != "gongkai")
        .arg(Arg::new("help").short('h').long("help").action(ArgAction::HelpShort).global(false));
    if name == "gongkai" {
        command = command
            .disable_version_flag(true)
            .arg(Arg::new("version").short('V').long("version").action(ArgAction::Version).global(false));
    }
    command.mut_args(|arg| {
        let own = format!("help.{name}.{}", arg.get_id());
        let shared = format!("help.any.{}", arg.get_id());
        let key = if messages::has(lang, &own) { own } else { shared };
        let heading = if arg.is_positional() { "help.heading.arguments" } else { "help.heading.options" };
        let takes_value = arg.is_positional() || matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
        let arg = arg.help(word(&key)).long_help(None::<&str>).help_heading(word(heading));
        // What every command takes comes last.
        let general = GENERAL.iter().position(|id| arg.get_id() == id);
        let arg = match general {
            Some(at) => arg.display_order(900 + at),
            None => arg,
        };
        if takes_value { arg.hide_possible_values(true).hide_default_value(true) } else { arg }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parser_is_sound_and_every_word_of_it_is_in_both_catalogues() {
        for lang in [Lang::En, Lang::Zh] {
            let mut command = parser(lang);
            command.clone().debug_assert();
            let help = command.render_long_help().to_string();
            let subs = command.get_subcommands_mut().map(|sub| sub.render_long_help().to_string());
            for text in std::iter::once(help).chain(subs) {
                assert!(!text.contains("help."), "a sentence is missing: {text}");
            }
        }
    }
}
