//! Reading frames: one at a known place, or all in order with the reason why they end.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use super::frame::{self, FILE_HEAD, Frame, HEAD, Head, Place};
use crate::{
    error::{Error, ErrorKind, Result},
    store::disk,
};

/// Where and why a walk over the frames ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The place after the last good frame.
    pub place: Place,
    /// The sequence the next frame would have.
    pub next: u64,
    /// Whether bytes follow that are no whole frame: a write that was cut off, or damage.
    pub torn: bool,
    /// Whether a whole frame follows after those bytes: then it is damage.
    pub more: bool,
}

/// The path of a numbered file.
pub fn path(folder: &Path, file: u32) -> PathBuf {
    folder.join(format!("{file:08}.gka"))
}

/// The frame at a place.
///
/// # Errors
/// `Damaged` when there is no whole frame with a matching checksum, `Io` when the file cannot be read.
pub fn read_at(folder: &Path, place: Place) -> Result<Frame> {
    let path = path(folder, place.file);
    let file = File::open(&path).map_err(|cause| Error::from(cause).at(&path))?;
    let none = || Error::new(ErrorKind::Damaged, "store.no_record").with("offset", place.offset);
    let head = head_at(&file, u64::from(place.offset)).map_err(|error| error.at(&path))?;
    body(&file, place, head.ok_or_else(|| none().at(&path))?).map_err(|error| error.at(&path))
}

/// Calls `each` with every frame from a place on, in order, and says where they end.
///
/// # Errors
/// `Damaged` when a file is missing or foreign or a sequence jumps, and whatever `each` returns.
pub fn frames(
    folder: &Path,
    store: [u8; 16],
    from: Place,
    next: u64,
    mut each: impl FnMut(Frame) -> Result<()>,
) -> Result<Stop> {
    let mut stop = Stop { place: from, next, torn: false, more: false };
    loop {
        let path = path(folder, stop.place.file);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {
                return Err(Error::new(ErrorKind::Damaged, "store.archive_missing").at(path));
            }
            Err(cause) => return Err(Error::from(cause).at(path)),
        };
        if usize::try_from(stop.place.offset).is_ok_and(|offset| offset <= FILE_HEAD) {
            let mut head = [0; FILE_HEAD];
            let read = disk::read_at(&file, 0, &mut head);
            if read.is_err() || head.as_slice() != frame::file_head(store, stop.place.file, stop.next) {
                return Err(Error::new(ErrorKind::Damaged, "store.archive_head").at(path));
            }
            stop.place.offset = u32::try_from(FILE_HEAD).unwrap_or_default();
        }
        walk(&file, &mut stop, &mut each)
            .map_err(|error| if error.path().is_some() { error } else { error.at(&path) })?;
        let following = Place { file: stop.place.file + 1, offset: 0 };
        if stop.torn || !self::path(folder, following.file).exists() {
            stop.more |= stop.torn && self::path(folder, following.file).exists();
            return Ok(stop);
        }
        // A next file whose head was never completed holds no frame that anyone was told of.
        if std::fs::metadata(self::path(folder, following.file))?.len() < FILE_HEAD as u64 {
            return Ok(stop);
        }
        stop.place = following;
    }
}

fn walk(file: &File, stop: &mut Stop, each: &mut impl FnMut(Frame) -> Result<()>) -> Result<()> {
    let length = file.metadata()?.len();
    while u64::from(stop.place.offset) < length {
        let whole = match head_at(file, u64::from(stop.place.offset))? {
            Some(head) => body(file, stop.place, head).ok().map(|frame| (head, frame)),
            None => None,
        };
        let Some((head, frame)) = whole else {
            stop.torn = true;
            stop.more = another(file, u64::from(stop.place.offset) + 1, length)?;
            return Ok(());
        };
        if frame.sequence != stop.next {
            let jump = Error::new(ErrorKind::Damaged, "store.record_order");
            return Err(jump.with("record", frame.sequence).with("wanted", stop.next));
        }
        let size = HEAD + head.length;
        let end = u32::try_from(size).ok().and_then(|size| stop.place.offset.checked_add(size));
        each(frame)?;
        stop.place.offset = end.ok_or_else(|| Error::new(ErrorKind::Damaged, "store.archive_long"))?;
        stop.next += 1;
    }
    Ok(())
}

/// The place after the frame with this sequence.
///
/// # Errors
/// As [`frames`], and `Damaged` when there is no such frame.
pub fn end_of(folder: &Path, store: [u8; 16], sequence: u64) -> Result<Place> {
    let mut end = Place { file: 1, offset: 0 };
    let stop = frames(folder, store, end, 1, |frame| {
        if frame.sequence == sequence + 1 {
            end = frame.place;
        }
        Ok(())
    })?;
    Ok(if stop.next == sequence + 1 { stop.place } else { end })
}

/// Every whole frame of every file there is, damaged stretches left out.
///
/// # Errors
/// `Io` when the folder or a file cannot be read.
pub fn salvage(folder: &Path) -> Result<Vec<Frame>> {
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    names.sort();
    let mut found = Vec::new();
    for path in names {
        let number = path.file_stem().and_then(|stem| stem.to_string_lossy().parse::<u32>().ok());
        let Some(number) = number else { continue };
        let file = File::open(&path).map_err(|cause| Error::from(cause).at(&path))?;
        let length = file.metadata()?.len();
        let mut offset = 0u64;
        while let Some(at) = next_head(&file, offset, length)? {
            let place = Place { file: number, offset: u32::try_from(at).unwrap_or(u32::MAX) };
            let frame = head_at(&file, at)?.and_then(|head| Some((head.length, body(&file, place, head).ok()?)));
            offset = at + 1;
            if let Some((length, frame)) = frame {
                offset = at + (HEAD + length) as u64;
                found.push(frame);
            }
        }
    }
    found.sort_by_key(|frame| frame.sequence);
    found.dedup_by_key(|frame| frame.sequence);
    Ok(found)
}

/// Whether any whole head stands at or after an offset.
fn another(file: &File, offset: u64, length: u64) -> Result<bool> {
    Ok(next_head(file, offset, length)?.is_some())
}

/// The offset of the first whole head at or after an offset.
fn next_head(file: &File, mut offset: u64, length: u64) -> Result<Option<u64>> {
    const STEP: u64 = 1 << 16;
    while offset + HEAD as u64 <= length {
        let size = usize::try_from((length - offset).min(STEP + HEAD as u64)).unwrap_or(HEAD);
        let mut bytes = vec![0; size];
        disk::read_at(file, offset, &mut bytes)?;
        let found = bytes.windows(HEAD).position(|window| window.starts_with(&frame::MAGIC) && is_head(window));
        if let Some(at) = found {
            return Ok(Some(offset + at as u64));
        }
        offset += STEP;
    }
    Ok(None)
}

fn is_head(window: &[u8]) -> bool {
    window.first_chunk().is_some_and(|bytes| frame::head(bytes).is_some())
}

fn head_at(file: &File, offset: u64) -> Result<Option<Head>> {
    let mut bytes = [0; HEAD];
    match disk::read_at(file, offset, &mut bytes) {
        Ok(()) => Ok(frame::head(&bytes)),
        Err(cause) if cause.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(cause) => Err(cause.into()),
    }
}

fn body(file: &File, place: Place, head: Head) -> Result<Frame> {
    let start = u64::from(place.offset) + HEAD as u64;
    let cut = || Error::new(ErrorKind::Damaged, "store.record_cut").with("record", head.sequence);
    if file.metadata()?.len() < start + head.length as u64 {
        return Err(cut());
    }
    let mut packed = vec![0; head.length];
    disk::read_at(file, start, &mut packed)?;
    let payload = frame::payload(head, &packed)?;
    Ok(Frame { sequence: head.sequence, time: head.time, kind: head.kind, place, payload })
}
