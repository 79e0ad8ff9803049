//! How fast reports are read: text on two threads from files that are in the page cache, pages beside what
//! html5ever alone takes to parse them.

use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use gongkai::ingest::{self, Options, Outcome as Read};
use html5ever::{ParseOpts, parse_document, tendril::TendrilSink};
use markup5ever_rcdom::RcDom;

use crate::{
    Outcome,
    render::{
        Dice,
        figures::Figures,
        form::{self, Piece},
        html::Style,
        text::Text,
    },
};

/// The layouts most text is found in.
const TEXTS: [Text; 9] = [
    Text::Pipes,
    Text::PipesExtra,
    Text::PipesLeading,
    Text::CellPipes,
    Text::Cells,
    Text::CellsSpaced,
    Text::PipeBeforeRows,
    Text::Markdown,
    Text::Digits,
];

/// Files of each kind.
const FILES: usize = 900;
/// Threads that read.
const THREADS: usize = 2;

/// What part one of a report is made of; `#` stands for a number.
const SENTENCES: [&str; 8] = [
    "本年度围绕中心工作，进一步健全信息发布机制，通过门户网站主动公开各类政府信息#条，发布政策解读#篇，回应公众关切#次。",
    "全年共收到政府信息公开申请#件，其中自然人申请#件，法人或其他组织申请#件，均在法定期限内答复，未发生逾期情况。",
    "加强政府信息管理，对#份规范性文件开展清理，及时标注有效性，并同步更新政府信息公开指南和公开目录。",
    "平台建设方面，网站开设专题专栏#个，政务新媒体推送图文#条，累计阅读量超过#人次，群众满意度稳步提升。",
    "监督保障方面，组织业务培训#场，参训人员#人次，把公开工作纳入年度考核，未发生因公开工作被追究责任的情形。",
    "本年度因政府信息公开引起的行政复议#件、行政诉讼#件，相关案件均依法办理完毕，维持原行政行为。",
    "坚持以公开为常态、不公开为例外，修订完善保密审查、依申请公开办理等制度#项，规范办理流程和答复文书。",
    "对照国务院办公厅年度工作要点，细化分解任务#项，明确责任单位和完成时限，逐项抓好落实。",
];

/// Measures for so many seconds a kind and prints one object.
pub fn read(seconds: &str) -> Outcome {
    let time = Duration::from_secs(seconds.parse()?);
    let folder = env::temp_dir().join(format!("gongkai-bench-read-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let measured = measure(&folder, time);
    fs::remove_dir_all(&folder)?;
    measured
}

fn measure(folder: &Path, time: Duration) -> Outcome {
    let mut dice = Dice::new(20_261_124);
    let mut texts = Vec::new();
    for number in 0..FILES {
        let file = folder.join(format!("{number}.txt"));
        let layout = TEXTS.get(number % TEXTS.len()).copied().unwrap_or(Text::Pipes);
        fs::write(&file, layout.write(&report(&mut dice), &mut dice))?;
        texts.push(file);
    }
    let mut pages = Vec::new();
    for number in 0..FILES / 9 {
        let style = Style::ALL.get(number % Style::ALL.len()).copied().unwrap_or(Style::Spans);
        pages.push(style.write(&report(&mut dice), &mut dice));
    }
    let bytes = texts.iter().map(|file| Ok(fs::metadata(file)?.len())).sum::<io::Result<u64>>()?;
    let wrong = texts.iter().filter(|file| !is_read(file)).count();
    let (done, seconds, busy) = texts_in(&texts, time);
    let whole = |bytes: &Vec<u8>| drop(ingest::read_bytes("page", bytes, &Options::default()));
    let parsed = |bytes: &Vec<u8>| {
        let mut bytes = bytes.as_slice();
        let _ = parse_document(RcDom::default(), ParseOpts::default()).from_utf8().read_from(&mut bytes);
    };
    let (ours, theirs) = (pages_in(&pages, time, whole), pages_in(&pages, time, parsed));
    let page_bytes: usize = pages.iter().map(Vec::len).sum();
    writeln!(
        io::stdout(),
        "{{\"text_files\": {FILES}, \"mean_bytes\": {}, \"not_read\": {wrong}, \"threads\": {THREADS}, \"text_per_second\": {:.0}, \"text_cpu_us\": {:.1}, \
         \"page_mean_bytes\": {}, \"page_us\": {:.1}, \"html5ever_us\": {:.1}, \"page_ratio\": {:.2}}}",
        bytes / FILES as u64,
        f64::from(u32::try_from(done)?) / seconds,
        busy * 1e6 / f64::from(u32::try_from(done)?),
        page_bytes / pages.len().max(1),
        ours * 1e6,
        theirs * 1e6,
        ours / theirs,
    )?;
    Ok(())
}

fn is_read(file: &PathBuf) -> bool {
    let read = ingest::read(file, &Options::default()).unwrap_or_default();
    !read.is_empty() && read.iter().all(|reading| matches!(reading.outcome, Read::Read(_)))
}

/// Files read by all threads together, the time it took, and the time the processors worked.
fn texts_in(files: &[PathBuf], time: Duration) -> (usize, f64, f64) {
    let next = AtomicUsize::new(0);
    let start = Instant::now();
    let busy = thread::scope(|scope| {
        let work = || {
            while start.elapsed() < time {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if let Some(file) = files.get(at % files.len()) {
                    drop(ingest::read(file, &Options::default()));
                }
            }
            worked()
        };
        // Named, so that a profile can be cut to them.
        let named = || thread::Builder::new().name("text".to_owned()).spawn_scoped(scope, work).ok();
        let threads: Vec<_> = (0..THREADS).filter_map(|_| named()).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or_default()).sum()
    });
    (next.into_inner(), start.elapsed().as_secs_f64(), busy)
}

/// Seconds the processor works a page, on one thread.
fn pages_in(pages: &[Vec<u8>], time: Duration, read: impl Fn(&Vec<u8>)) -> f64 {
    pages.iter().for_each(&read);
    let (start, before) = (Instant::now(), worked());
    let mut done = 0_u32;
    while start.elapsed() < time {
        pages.iter().for_each(&read);
        done += 1;
    }
    (worked() - before) / f64::from(done) / f64::from(u32::try_from(pages.len()).unwrap_or(1))
}

/// Seconds that a processor has worked for this thread: on a busy machine the only time that says anything.
fn worked() -> f64 {
    let spent = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    spent.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or_default() / 1e9
}

/// A report with as much prose as real ones have.
fn report(dice: &mut Dice) -> Vec<Piece> {
    let figures = Figures::random(dice);
    let mut pieces = form::pieces(&figures);
    let count = 2 + dice.index(12);
    let prose = (0..count).map(|_| {
        let mut line = String::new();
        for part in dice.pick(&SENTENCES).split_inclusive('#') {
            match part.strip_suffix('#') {
                Some(words) => line += &format!("{words}{}", dice.roll(400)),
                None => line += part,
            }
        }
        Piece::Line(line)
    });
    let prose: Vec<Piece> = prose.collect();
    pieces.splice(4..4, prose);
    pieces
}
