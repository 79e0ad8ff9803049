//! Everything a store or a database of a peer holds, printed: for `damage.py`, which hurts files and looks what is read.

use std::{io, path::Path};

use gongkai::store::{Settings, Store, export_wide};

use crate::{NOW, Outcome, names};

/// Every cell of a store as a wide cube, read as a reader or as a writer does.
pub fn store(path: &Path, write: bool) -> Outcome {
    let store = if write { Store::open(path, &Settings::default(), NOW)? } else { Store::open_read_only(path)? };
    Ok(export_wide(&store.view()?, io::stdout().lock(), &names::name)?)
}

#[cfg(feature = "redb")]
pub mod redb {
    use std::{
        fs,
        io::{self, BufWriter, Write},
    };

    use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};

    use crate::Outcome;

    const CELLS: TableDefinition<&str, i64> = TableDefinition::new("cells");

    /// Loads lines of `key<TAB>number` in one transaction.
    pub fn load(file: &str, path: &str) -> Outcome {
        let db = Database::create(path)?;
        let write = db.begin_write()?;
        {
            let mut cells = write.open_table(CELLS)?;
            for line in fs::read_to_string(file)?.lines() {
                let (key, number) = line.split_once('\t').ok_or("no key")?;
                cells.insert(key, number.parse::<i64>()?)?;
            }
        }
        Ok(write.commit()?)
    }

    /// Prints every pair.
    pub fn dump(path: &str) -> Outcome {
        let db = Database::open(path)?;
        let cells = db.begin_read()?.open_table(CELLS)?;
        let mut out = BufWriter::new(io::stdout().lock());
        for pair in cells.iter()? {
            let (key, number) = pair?;
            writeln!(out, "{}\t{}", key.value(), number.value())?;
        }
        Ok(out.flush()?)
    }
}
