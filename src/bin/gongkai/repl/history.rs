//! Where the statements typed are kept: the XDG state folder.

use std::{env, fs, path::PathBuf};

/// The history file, its folder made; nothing where there is no home.
pub fn file() -> Option<PathBuf> {
    let state = env::var_os("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/state"));
    let folder = state.or_else(home)?.join("gongkai");
    fs::create_dir_all(&folder).ok()?;
    Some(folder.join("history"))
}
