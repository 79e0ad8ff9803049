//! `gongkai man`: one manual page for all commands, examples first, from the parser itself.

use std::io::{self, Write};

use clap::Command;
use clap_mangen::Man;

use crate::{
    exit::{Done, Exit},
    help,
    session::Session,
};

/// Prints the manual page.
pub fn run(session: &Session) -> Done {
    let mut parser = help::parser(session.lang);
    parser.build();
    let whole = Man::new(parser.clone());
    let mut page = Vec::new();
    whole.render_title(&mut page)?;
    whole.render_name_section(&mut page)?;
    page.extend(examples("gongkai", "SH", session).into_bytes());
    whole.render_synopsis_section(&mut page)?;
    whole.render_options_section(&mut page)?;
    for command in parser.get_subcommands() {
        page.extend(chapter(command, session)?.into_bytes());
    }
    let page = String::from_utf8_lossy(&page)
        .replace(".SH NAME\n", &format!(".SH {}\n", session.say("help.heading.name", &[])))
        .replace(".SH SYNOPSIS\n", &format!(".SH {}\n", session.say("help.heading.synopsis", &[])));
    std::io::stdout().lock().write_all(page.as_bytes())?;
    Ok(Exit::Ok)
}

/// What a command is for, how it is called, what it takes, examples. What every command takes is said once, in front.
fn chapter(command: &Command, session: &Session) -> io::Result<String> {
    let own = command.clone().mut_args(|arg| {
        let general = help::GENERAL.iter().any(|id| arg.get_id() == id);
        arg.hide(general)
    });
    let about = own.get_about().map(ToString::to_string).unwrap_or_default();
    let man = Man::new(own);
    let mut bytes = Vec::new();
    man.render_synopsis_section(&mut bytes)?;
    man.render_options_section(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).replace(".SH SYNOPSIS\n", ".PP\n").replace(".SH ", ".SS ");
    let name = command.get_name();
    Ok(format!(".SH gongkai {name}\n{}\n{text}{}", escaped(&about), examples(name, "SS", session)))
}

/// The examples of a command as they are typed.
fn examples(name: &str, heading: &str, session: &Session) -> String {
    let title = session.say("help.heading.examples", &[]);
    let lines = session.say(&format!("help.{name}.examples"), &[]);
    let title = title.trim_end_matches([':', ':']);
    format!(".{heading} {title}\n.nf\n{}\n.fi\n", escaped(&lines))
}

/// A text that roff prints as it is.
fn escaped(text: &str) -> String {
    let line = |line: &str| line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq");
    let lines = text.lines().map(|text| if text.starts_with('.') { format!("\\&{}", line(text)) } else { line(text) });
    lines.collect::<Vec<_>>().join("\n")
}
