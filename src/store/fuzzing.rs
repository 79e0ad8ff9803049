//! What `fuzz/` throws bytes at: the readers of every kind of stored bytes, with the checksums made right first.
//!
//! A checksum that does not match is refused at once, so bytes from a fuzzer would never get further. Here they are
//! sealed as a writer would seal them: what is tested is what stands behind the checksum.

use std::{fs, path::Path};

use super::{
    archive::{self, Frame, Kind, Place},
    block::Mark,
    bundle,
    bytes::Reader,
    codec,
    column::{self, Chunk},
    cube::{self, Names},
    entry::BlockV1,
    key::{self, Part, Piece},
    layers::Layers,
    record::OriginV1,
    snapshot,
    view::View,
};
use crate::error::Result;

const STORE: [u8; 16] = [7; 16];
const KINDS: [Kind; 4] = [Kind::Report, Kind::Block, Kind::Removal, Kind::Verdict];

/// Bytes as keys of every kind: what is read back is written as the same bytes.
///
/// # Panics
/// When it is not.
pub fn keys(bytes: &[u8]) {
    if let Ok(found) = key::read_report(bytes) {
        assert_eq!(key::report(&found), bytes);
    }
    if let Ok((found, category)) = key::read_category(bytes) {
        assert_eq!(key::category(&found, category), bytes);
    }
    match key::read_piece(bytes) {
        Ok(Piece { chunk, part: Part::Bundle(number) }) => assert_eq!(key::bundle(chunk, number).as_slice(), bytes),
        Ok(Piece { chunk, part: Part::Segment(slot, year) }) => {
            assert_eq!(key::segment(slot, year, chunk).as_slice(), bytes);
        }
        Err(_) => {}
    }
}

/// A byte for the kind and the payload of a record: read, laid over what is there, and every cell looked at.
pub fn values(bytes: &[u8]) {
    let Some((&kind, payload)) = bytes.split_first() else { return };
    let kind = KINDS.into_iter().cycle().nth(usize::from(kind % 4)).unwrap_or(Kind::Report);
    let place = Place { file: 1, offset: 40 };
    let frame = Frame { sequence: 1, time: 1, kind, place, payload: codec::sealed(1, payload) };
    let mut layers = Layers::default();
    if layers.apply(&frame).is_ok() {
        // Twice: the second lies over the first.
        let _ = layers.settle().and_then(|()| layers.apply(&frame)).and_then(|()| look(&layers, Path::new(".")));
    }
}

/// Slot 4, year 2, and a segment: decoded, whole and in part, and what was read is written and read again. The same
/// bytes as what a bundle holds.
///
/// # Panics
/// When that gives something else.
pub fn columns(bytes: &[u8]) {
    if let Some((&[last, count], raw)) = bytes.split_first_chunk::<2>() {
        let _ = bundle::open((1, 2), &bundle::sealed((1, 2), last % 3, count.into(), raw));
    }
    let mut reader = Reader(bytes);
    let (Ok(slot), Ok(year)) = (reader.u32(), reader.u16()) else { return };
    let (id, body) = ((slot, year), reader.0);
    let (mut marks, mut units): (Vec<Mark>, Vec<i64>) = (Vec::new(), Vec::new());
    let Ok(bodies) = column::decode_sealed(id, body, &mut marks, &mut units) else { return };
    assert_eq!((marks.len(), units.len()), (bodies, bodies));
    let Some(again) = column::encode(id, &marks, &units) else { return };
    let (mut second, mut numbers) = (Vec::new(), Vec::new());
    column::decode(id, &again, &mut second, &mut numbers).expect("what was just written");
    let part = bodies / 3..bodies - bodies / 4;
    let (mut some, mut few) = (Vec::new(), Vec::new());
    column::decode_part(id, &again, part.clone(), &mut some, &mut few).expect("a part of what was just written");
    assert_eq!((second.get(part.clone()), numbers.get(part)), (Some(&some[..]), Some(&few[..])));
    let there = |at: &usize| marks.get(*at) != Some(&Mark::NoReport);
    let mut sums = vec![0; bodies];
    if column::add(id, &again, 3, &mut sums).expect("what was just written") {
        let tripled = |at| sums.get(at).copied() == units.get(at).map(|units| units * 3);
        assert!((0..bodies).filter(there).all(tripled));
    }
    for at in (0..bodies).filter(there) {
        assert_eq!((marks.get(at), units.get(at)), (second.get(at), numbers.get(at)), "{at}");
    }
}

/// A snapshot in a folder: as the bytes are, or put together from pieces with their checksums.
///
/// # Panics
/// When the folder cannot be written.
pub fn snapshots(folder: &Path, bytes: &[u8]) {
    let Some((&[how, a, b], rest)) = bytes.split_first_chunk::<3>() else { return };
    let whole = if how % 8 == 0 {
        rest.to_vec()
    } else {
        let (segments, rest) = rest.split_at(usize::from(a).saturating_mul(4).min(rest.len()));
        let (directory, table) = rest.split_at(usize::from(b).min(rest.len()));
        snapshot::sealed(segments, directory, table)
    };
    fs::write(snapshot::path(folder), whole).expect("a folder to write to");
    let Ok(snapshot) = snapshot::open(folder) else { return };
    let layers = snapshot.layers();
    let _ = look(&layers, folder);
}

/// A file of the archive in a folder: bytes as they are after the head, or cut into frames with their checksums.
///
/// # Panics
/// When the folder cannot be written, or a walk over the frames says something else than picking them out.
pub fn frames(folder: &Path, bytes: &[u8]) {
    let Some((&how, rest)) = bytes.split_first() else { return };
    let mut whole = archive::file_head(STORE, 1, 1);
    if how % 4 == 0 {
        whole.extend_from_slice(rest);
    } else {
        for (payload, sequence) in rest.split(|&byte| byte == 0xff).zip(1u64..) {
            let kind = KINDS.into_iter().cycle().nth(payload.len() % 4).unwrap_or(Kind::Report);
            whole.extend(archive::encode(kind, sequence, sequence, &codec::sealed(1, payload)).unwrap_or_default());
        }
        // Something to stumble over, at a place that the bytes choose.
        if let Some(byte) = whole.len().checked_sub(usize::from(how)).and_then(|at| whole.get_mut(at)) {
            *byte ^= how;
        }
    }
    fs::write(archive::path(folder, 1), &whole).expect("a folder to write to");
    let mut walked = Vec::new();
    let mut layers = Layers::default();
    let stop = archive::frames(folder, STORE, Place { file: 1, offset: 0 }, 1, |frame| {
        walked.push(frame.clone());
        let _ = layers.apply(&frame);
        Ok(())
    });
    let Ok(stop) = stop else { return };
    assert_eq!(stop.next, walked.len() as u64 + 1);
    assert!(stop.torn || !stop.more);
    let picked = archive::salvage(folder).expect("a readable folder");
    assert!(picked.len() >= walked.len());
    for frame in &walked {
        assert_eq!(&archive::read(folder, frame.place).expect("a frame that was walked over"), frame);
    }
}

/// A cube as CSV, long or wide: what is taken from it is written as a cube that gives the same again.
///
/// # Panics
/// When it does not.
pub fn cubes(bytes: &[u8], names: &Names<'_>, name: &dyn Fn(crate::model::Slot) -> (String, String)) {
    let written = |bytes: &[u8]| -> Result<Vec<u8>> {
        let mut source = cube::Source::open(bytes, names)?;
        let (mut layers, mut desk) = (Layers::default(), cube::Desk::default());
        while let Some(work) = source.next(&mut desk, names)? {
            for chunk in desk.batch(work, names).chunks(names)?.0 {
                let block = BlockV1::of(&chunk, 1, OriginV1::default())?;
                layers.lay(block.chunk(Place { file: 1, offset: 40 })?)?;
            }
        }
        let view = View::over(1, &layers, ".".into())?;
        let mut out = Vec::new();
        cube::export_long(&view, &mut out, name)?;
        view.health()?;
        Ok(out)
    };
    if let Ok(first) = written(bytes) {
        let second = written(&first).expect("a cube of its own making");
        assert_eq!(String::from_utf8_lossy(&first), String::from_utf8_lossy(&second));
    }
}

/// Asks for everything there is.
fn look(layers: &Layers, folder: &Path) -> Result<()> {
    let view = View::over(1, layers, folder.to_owned())?;
    let _ = (view.ranks().len(), view.words().has("\u{592a}"));
    for year in view.years() {
        for slot in view.slots(year) {
            for body in 0..view.body_count() {
                let _ = view.reading(body, year, slot);
            }
        }
    }
    layers.chunks.iter().try_for_each(|chunk: &std::sync::Arc<Chunk>| chunk.keys().map(|_| ()))?;
    view.health()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_understood_or_refused(bytes in vec(any::<u8>(), 0..300), head in 0u8..9) {
            let bytes = [&[head], &bytes[..]].concat();
            let folder = tempfile::tempdir().unwrap();
            keys(&bytes);
            values(&bytes);
            columns(&bytes);
            snapshots(folder.path(), &bytes);
            frames(folder.path(), &bytes);
        }

        #[test]
        fn forged_columns_are_understood_or_refused(
            layout in 0u8..3, width in 0usize..6, default in 0u8..8, kind in 0u8..8, bodies in 0u16..40, packed in 0u16..9,
            exceptions in 0u16..3, rest in vec(any::<u8>(), 0..60),
        ) {
            let mut bytes = vec![0, 1, 44, 1, 7, 232, layout, [0, 4, 8, 16, 32, 64][width], default, kind];
            bytes.extend([bodies, packed, exceptions].into_iter().flat_map(u16::to_be_bytes));
            bytes.extend([0; 26]);
            bytes.extend(rest);
            columns(&bytes);
        }
    }

    #[test]
    fn a_column_whose_numbers_are_no_numbers_is_refused() {
        // Layout dense, width 8, the mark of the numbers blank: one body with a number that would not be one.
        let head = [2u8, 8, 2, 4, 0, 1, 0, 0, 0, 0];
        let bytes = [&head[..], &[0; 26], &[9]].concat();
        let (mut marks, mut units) = (Vec::new(), Vec::new());
        assert!(column::decode_sealed((1, 2024), &bytes, &mut marks, &mut units).is_err());
        let count = [&[2u8, 8, 2, 2, 0, 1, 0, 0, 0, 0][..], &[0; 26], &[9]].concat();
        assert_eq!(column::decode_sealed((1, 2024), &count, &mut marks, &mut units).unwrap(), 1);
        assert_eq!((marks[0], units[0]), (Mark::Count, 9));
    }
}
