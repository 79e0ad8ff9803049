//! What can be typed after `gongkai`. The sentences of the help live in the message catalogue.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

/// Reads annual reports on open government information and answers questions about them.
#[derive(Debug, Parser)]
#[command(name = "gongkai", version, disable_help_subcommand = true, subcommand_required = false)]
pub struct Cli {
    /// Options every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do; nothing opens the prompt on a terminal.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options every command takes.
#[derive(Args, Debug)]
pub struct Global {
    /// The store.
    #[arg(long, global = true, value_name = "PATH")]
    pub db: Option<PathBuf>,
    /// Who should report beside the divisions.
    #[arg(long, global = true, value_name = "FILE")]
    pub register: Option<PathBuf>,
    /// Language of messages.
    #[arg(long, global = true, value_enum, default_value_t = LangChoice::Auto)]
    pub lang: LangChoice,
    /// When to colour.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
    /// Only results and errors.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// How long to wait for a locked store.
    #[arg(long, global = true, value_name = "SECONDS", value_parser = seconds)]
    pub wait: Option<u64>,
}

/// The language of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LangChoice {
    /// 中文
    Zh,
    /// English
    En,
    /// By the locale.
    Auto,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Reads reports and stores them.
    Ingest(IngestArgs),
    /// Parses without storing.
    Read(ReadArgs),
    /// Loads a ready cube.
    Import(ImportArgs),
    /// Runs a query.
    #[command(visible_alias = "q")]
    Query(QueryArgs),
    /// Holds reports against rules.
    Check(VerbArgs),
    /// Names the reports that are not there.
    Missing(VerbArgs),
    /// Leads a figure back to its cells.
    Why(VerbArgs),
    /// Shows what there is.
    Show(VerbArgs),
    /// Writes the whole store, or a query's result.
    Export(ExportArgs),
    /// Writes the page of one report.
    Report(ReportArgs),
    /// Runs a script.
    Run(RunArgs),
    /// The prompt.
    Repl(ReplArgs),
    /// Puts a script into its canonical form.
    Fmt(FmtArgs),
    /// Holds a script's asserts against its reports.
    Test(TestArgs),
    /// Publishes what is there for readers.
    Snapshot,
    /// Reads every byte of the store.
    Verify(VerifyArgs),
    /// Counts reports and bytes.
    Stats(OutputArgs),
    /// Frees what replaced reports left behind.
    Compact,
    /// Lists what was stored together, or takes it back.
    Undo(UndoArgs),
    /// Writes the store into one file.
    Backup(BackupArgs),
    /// Makes a store from a backup.
    Restore(BackupArgs),
    /// The page of a message, or what a word means.
    Explain(ExplainArgs),
    /// Prints what a stage makes of a file or a query.
    Debug(DebugArgs),
    /// A completion script.
    Completions(CompletionsArgs),
    /// The manual page.
    Man,
}

/// Where results go and in which form.
#[derive(Args, Clone, Debug, Default)]
pub struct OutputArgs {
    /// The form of the result.
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<String>,
    /// The same as `--format json`.
    #[arg(long, conflicts_with = "format")]
    pub json: bool,
    /// Writes into a file; its ending picks the format.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Begins CSV with a byte order mark.
    #[arg(long)]
    pub bom: bool,
}

/// What the caller knows better than the text.
#[derive(Args, Clone, Debug, Default)]
pub struct ReadingArgs {
    /// Who reports.
    #[arg(long, value_name = "BODY")]
    pub body: Option<String>,
    /// The year described.
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(u16).range(2008..=2100))]
    pub year: Option<u16>,
    /// Whole area or one body.
    #[arg(long, value_enum)]
    pub scope: Option<ScopeChoice>,
    /// Names and places bodies that are no divisions.
    #[arg(long, value_name = "FILE")]
    pub bodies: Option<PathBuf>,
}

/// Whose figures a report gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ScopeChoice {
    /// The whole area.
    Aggregate,
    /// One body alone.
    Own,
}

/// `gongkai ingest`
#[derive(Args, Debug)]
pub struct IngestArgs {
    /// Files, folders, archives, or `-`.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What the caller knows better.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// Reads and checks, and stores nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Where refused files are listed.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `gongkai read`
#[derive(Args, Debug)]
pub struct ReadArgs {
    /// Files, folders, archives, or `-`.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// What the caller knows better.
    #[command(flatten)]
    pub reading: ReadingArgs,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `10s`, `10` or `2m` as seconds.
fn seconds(text: &str) -> Result<u64, String> {
    let (digits, factor) = match text.strip_suffix('m') {
        Some(minutes) => (minutes, 60),
        None => (text.strip_suffix('s').unwrap_or(text), 1),
    };
    digits.parse::<u64>().ok().and_then(|n| n.checked_mul(factor)).ok_or_else(|| text.to_owned())
}

/// What a question is put to, and where its answer goes.
#[derive(Args, Clone, Debug, Default)]
pub struct AskArgs {
    /// Asks these files instead of a store.
    #[arg(long, value_name = "FILE")]
    pub from: Vec<PathBuf>,
    /// Residents by division and year.
    #[arg(long, value_name = "FILE.csv")]
    pub population: Option<PathBuf>,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `gongkai query`
#[derive(Args, Debug)]
pub struct QueryArgs {
    /// The query; `-` reads standard input.
    #[arg(required = true, value_name = "QUERY")]
    pub query: Vec<String>,
    /// What it is put to.
    #[command(flatten)]
    pub ask: AskArgs,
}

/// `gongkai check`, `missing`, `why`, `show`
#[derive(Args, Debug)]
pub struct VerbArgs {
    /// The rest of the statement.
    #[arg(value_name = "WORDS")]
    pub words: Vec<String>,
    /// What it is put to.
    #[command(flatten)]
    pub ask: AskArgs,
}

/// `gongkai repl`
#[derive(Args, Debug, Default)]
pub struct ReplArgs {
    /// Asks these files instead of a store.
    #[arg(long, value_name = "FILE")]
    pub from: Vec<PathBuf>,
    /// Residents by division and year.
    #[arg(long, value_name = "FILE.csv")]
    pub population: Option<PathBuf>,
}

/// `gongkai explain`
#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// A code such as `GK0102`, a word of the language, or a query.
    #[arg(required = true, value_name = "CODE or QUERY")]
    pub words: Vec<String>,
    /// What a query is put to.
    #[command(flatten)]
    pub ask: AskArgs,
}

/// `gongkai completions`
#[derive(Args, Debug)]
pub struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    pub shell: clap_complete::Shell,
}

/// `gongkai run`
#[derive(Args, Debug)]
pub struct RunArgs {
    /// Scripts; `-` is standard input.
    #[arg(required = true, value_name = "FILE.gk")]
    pub files: Vec<PathBuf>,
    /// Values of parameters.
    #[arg(long, value_name = "NAME=VALUE")]
    pub param: Vec<String>,
    /// Goes on after a failure.
    #[arg(long)]
    pub keep_going: bool,
    /// What it is put to.
    #[command(flatten)]
    pub ask: AskArgs,
}

/// `gongkai fmt`
#[derive(Args, Debug)]
pub struct FmtArgs {
    /// Scripts; `-` is standard input.
    #[arg(required = true, value_name = "FILE.gk")]
    pub files: Vec<PathBuf>,
    /// Writes the file anew.
    #[arg(short, long, conflicts_with = "check")]
    pub write: bool,
    /// Only says which files differ.
    #[arg(long)]
    pub check: bool,
}

/// `gongkai test`
#[derive(Args, Debug)]
pub struct TestArgs {
    /// Scripts, or folders of them.
    #[arg(required = true, value_name = "FILE.gk")]
    pub files: Vec<PathBuf>,
    /// Values of parameters.
    #[arg(long, value_name = "NAME=VALUE")]
    pub param: Vec<String>,
    /// Asks these files instead of a store.
    #[arg(long, value_name = "FILE")]
    pub from: Vec<PathBuf>,
    /// Residents by division and year.
    #[arg(long, value_name = "FILE.csv")]
    pub population: Option<PathBuf>,
    /// Where results go.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `gongkai verify`
#[derive(Args, Debug)]
pub struct VerifyArgs {
    /// Mends what can be mended.
    #[arg(long)]
    pub repair: bool,
    /// Mends although reports are lost by it.
    #[arg(long, requires = "repair")]
    pub accept_loss: bool,
}

/// `gongkai undo`
#[derive(Args, Debug)]
pub struct UndoArgs {
    /// Numbers of batches; nothing lists them.
    #[arg(value_name = "BATCH")]
    pub batches: Vec<u64>,
    /// Where the list goes.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// `gongkai backup`, `restore`
#[derive(Args, Debug)]
pub struct BackupArgs {
    /// The backup.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
}

/// `gongkai import`
#[derive(Args, Debug)]
pub struct ImportArgs {
    /// Cubes as CSV.
    #[arg(required = true, value_name = "FILE.csv")]
    pub files: Vec<PathBuf>,
    /// Names and places bodies that are no divisions.
    #[arg(long, value_name = "FILE")]
    pub bodies: Option<PathBuf>,
}

/// `gongkai export`
#[derive(Args, Debug)]
pub struct ExportArgs {
    /// A query; nothing writes the whole store.
    #[arg(value_name = "QUERY")]
    pub query: Vec<String>,
    /// One row a report, one column a cell.
    #[arg(long)]
    pub wide: bool,
    /// What it is put to.
    #[command(flatten)]
    pub ask: AskArgs,
}

/// `gongkai report`
#[derive(Args, Debug)]
pub struct ReportArgs {
    /// Whose report: a name, a path or a code.
    #[arg(value_name = "PLACE")]
    pub place: String,
    /// The year described.
    #[arg(value_name = "YEAR", value_parser = clap::value_parser!(u16).range(2008..=2100))]
    pub year: u16,
    /// Asks these files instead of a store.
    #[arg(long, value_name = "FILE")]
    pub from: Vec<PathBuf>,
    /// Residents by division and year.
    #[arg(long, value_name = "FILE.csv")]
    pub population: Option<PathBuf>,
    /// The page.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `gongkai debug`
#[derive(Args, Debug)]
pub struct DebugArgs {
    /// The stage.
    #[arg(value_enum)]
    pub stage: Stage,
    /// A file, or a query.
    #[arg(value_name = "FILE or QUERY")]
    pub what: String,
}

/// What can be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Stage {
    /// The tables found in a file.
    Grid,
    /// Their cells with the slots they were given.
    Align,
    /// The plan of a query.
    Plan,
}
