//! Identification over whole pages.

use super::*;
use crate::ingest::documents;

#[test]
fn shared_reports() {
    for folder in ["complete", "partial"] {
        let Ok(entries) = std::fs::read_dir(format!("../shared/reports/{folder}")) else { return };
        let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            if path.extension().is_some_and(|end| end == "json" || end == "tsv") {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            for (_, document) in documents("x", &bytes) {
                let name = path.file_name().unwrap().to_str().unwrap();
                match document {
                    Err(refusal) => eprintln!("{name}: DECODE {}", refusal.code),
                    Ok(document) => {
                        match identify(&document, &Options::default()) {
                            Ok(found) => eprintln!(
                                "{name}: {} {} {} {:?} {:?} {:?}",
                                found.body.id,
                                found.body.name,
                                found.year,
                                found.scope,
                                found.published,
                                found.findings.iter().map(|f| (&f.rule, &f.text)).collect::<Vec<_>>()
                            ),
                            Err(refusal) => eprintln!("{name}: REFUSED {} {:?}", refusal.code, refusal.args),
                        }
                        let why = not_a_report(&document);
                        eprintln!("      without tables: {} {:?}", why.code, why.args);
                    }
                }
            }
        }
    }
}
