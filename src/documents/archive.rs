//! Zip files on disk, written and read entry by entry: the form of a backup.
//!
//! A reader takes nothing on trust: names that leave the folder, links, doubled names and sizes that lie
//! stop it. An unfinished archive has no list of contents and is refused as a whole.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Why an archive could not be written or read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    #[error("there is no room left on the disk")]
    Full,
    #[error("{0} is no name for an entry of an archive")]
    BadName(String),
    #[error("the archive is damaged or unfinished: {0}")]
    Damaged(String),
    #[error("the archive holds no {0}")]
    Missing(String),
    #[error("{0} is larger than {1} bytes")]
    TooLarge(String, u64),
    #[error("the archive cannot be read or written: {0}")]
    Io(io::Error),
}

impl From<io::Error> for ArchiveError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            // So the zip reader reports a wrong checksum and cut-off bytes.
            io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof => Self::Damaged(error.to_string()),
            _ => Self::Io(error),
        }
    }
}

impl From<ZipError> for ArchiveError {
    fn from(error: ZipError) -> Self {
        match error {
            ZipError::Io(error) => error.into(),
            other => Self::Damaged(other.to_string()),
        }
    }
}

/// An archive that is being written. It appears under its name only when it is finished.
pub struct Writer {
    zip: Option<ZipWriter<BufWriter<File>>>,
    part: PathBuf,
    target: PathBuf,
    names: BTreeSet<String>,
}

impl Writer {
    /// Begins an archive; a file of that name stays as it is until [`Writer::finish`].
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn create(target: impl Into<PathBuf>) -> Result<Self, ArchiveError> {
        let target = target.into();
        let mut part = target.clone().into_os_string();
        part.push(".part");
        let part = PathBuf::from(part);
        let zip = ZipWriter::new(BufWriter::new(File::create(&part)?));
        Ok(Self { zip: Some(zip), part, target, names: BTreeSet::new() })
    }

    /// Adds an entry from anything that can be read, without holding it in memory.
    ///
    /// # Errors
    /// When the name is not safe or taken, or the disk refuses.
    pub fn add(&mut self, name: &str, mut source: impl Read) -> Result<u64, ArchiveError> {
        if checked(name).is_none() || !self.names.insert(name.to_owned()) {
            return Err(ArchiveError::BadName(name.to_owned()));
        }
        let zip = self.zip.as_mut().ok_or_else(|| ArchiveError::Damaged("it is finished already".into()))?;
        zip.start_file(name, options(name))?;
        Ok(io::copy(&mut source, zip)?)
    }

    /// Adds a file of the disk.
    ///
    /// # Errors
    /// As [`Writer::add`], and when the file cannot be read.
    pub fn add_file(&mut self, name: &str, path: &Path) -> Result<u64, ArchiveError> {
        self.add(name, BufReader::new(File::open(path)?))
    }

    /// Ends the archive, brings it safely to the disk and gives it its name.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn finish(mut self) -> Result<(), ArchiveError> {
        let zip = self.zip.take().ok_or_else(|| ArchiveError::Damaged("it is finished already".into()))?;
        let file = zip.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        fs::rename(&self.part, &self.target)?;
        let folder = self.target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Ok(File::open(folder)?.sync_all()?)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // After finishing there is no such file; after an error nobody misses it.
        let _ = fs::remove_file(&self.part);
    }
}

/// No moment of writing, so that the same content gives the same archive; what is packed already stays so.
fn options(name: &str) -> SimpleFileOptions {
    let packed = [".pdf", ".png", ".jpg", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".zip"];
    let method =
        if packed.iter().any(|e| name.ends_with(e)) { CompressionMethod::Stored } else { CompressionMethod::Deflated };
    SimpleFileOptions::default()
        .compression_method(method)
        .compression_level(None)
        .large_file(true)
        .unix_permissions(0o600)
}

/// A finished archive.
pub struct Reader {
    zip: ZipArchive<BufReader<File>>,
    names: Vec<String>,
}

impl Reader {
    /// Opens an archive and checks the name of every entry.
    ///
    /// # Errors
    /// When it is not whole, or an entry has a name that is not safe.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        let mut zip = ZipArchive::new(BufReader::new(File::open(path)?))?;
        if zip.has_duplicate_names() || zip.has_overlapping_files()? {
            return Err(ArchiveError::Damaged("entries lie over each other".into()));
        }
        let mut names = Vec::new();
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index)?;
            let name = entry.name()?.into_owned();
            if checked(&name).is_none() || !entry.is_file() || entry.encrypted() {
                return Err(ArchiveError::BadName(name));
            }
            names.push(name);
        }
        names.sort();
        Ok(Self { zip, names })
    }

    /// The names of all entries, sorted.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Reads an entry piece by piece; the end fails when its checksum is wrong.
    ///
    /// # Errors
    /// When there is no such entry.
    pub fn entry(&mut self, name: &str) -> Result<impl Read + '_, ArchiveError> {
        match self.zip.by_name(name) {
            Err(ZipError::FileNotFound) => Err(ArchiveError::Missing(name.to_owned())),
            other => Ok(other?),
        }
    }

    /// Reads a small entry whole.
    ///
    /// # Errors
    /// When it is missing, damaged, or larger than the limit.
    pub fn bytes(&mut self, name: &str, limit: u64) -> Result<Vec<u8>, ArchiveError> {
        let mut bytes = Vec::new();
        self.entry(name)?.take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit { Err(ArchiveError::TooLarge(name.to_owned(), limit)) } else { Ok(bytes) }
    }

    /// Writes an entry into a folder under its own name and brings it to the disk; never over another file.
    ///
    /// # Errors
    /// When it is missing, damaged, there already, or larger than the limit; then nothing is left of it.
    pub fn extract(&mut self, name: &str, folder: &Path, limit: u64) -> Result<PathBuf, ArchiveError> {
        let relative = checked(name).ok_or_else(|| ArchiveError::BadName(name.to_owned()))?;
        let path = folder.join(relative);
        let entry = self.entry(name)?;
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let file = File::create_new(&path)?;
        pour(entry, file, name, limit).inspect_err(|_| {
            let _ = fs::remove_file(&path);
        })?;
        Ok(path)
    }
}

fn pour(from: impl Read, file: File, name: &str, limit: u64) -> Result<(), ArchiveError> {
    let mut out = BufWriter::new(file);
    if io::copy(&mut from.take(limit + 1), &mut out)? > limit {
        return Err(ArchiveError::TooLarge(name.to_owned(), limit));
    }
    out.flush()?;
    Ok(out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?)
}

/// The name as a relative path of plain parts, or none.
fn checked(name: &str) -> Option<PathBuf> {
    let plain = |part: &str| {
        !part.is_empty()
            && part != "."
            && part != ".."
            && !part.chars().any(|c| c.is_control() || matches!(c, '\\' | ':' | '/'))
    };
    (name.len() <= 250 && name.split('/').all(plain)).then(|| name.split('/').collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// A folder that goes away with the test.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("fairway-archive-{name}-{}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            fs::create_dir_all(&path).unwrap();
            Self(path)
        }

        fn join(&self, name: &str) -> PathBuf {
            self.0.join(name)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    /// A zip as somebody else would write it, with any names.
    fn foreign(path: &Path, names: &[&str]) {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for name in names {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(b"x").unwrap();
        }
        fs::write(path, zip.finish().unwrap().into_inner()).unwrap();
    }

    fn sample(folder: &Folder) -> PathBuf {
        fs::write(folder.join("db"), vec![7; 300_000]).unwrap();
        let target = folder.join("backup.zip");
        let mut writer = Writer::create(&target).unwrap();
        writer.add("manifest.json", &b"{}"[..]).unwrap();
        writer.add_file("data/fairway.db", &folder.join("db")).unwrap();
        writer.add("files/ab/cd/abcd.pdf", &b"%PDF-"[..]).unwrap();
        assert!(!target.exists());
        writer.finish().unwrap();
        target
    }

    #[test]
    fn what_is_written_is_read_back() {
        let folder = Folder::new("round");
        let mut reader = Reader::open(&sample(&folder)).unwrap();

        assert_eq!(reader.names(), ["data/fairway.db", "files/ab/cd/abcd.pdf", "manifest.json"]);
        assert_eq!(reader.bytes("manifest.json", 10).unwrap(), b"{}");
        let path = reader.extract("data/fairway.db", &folder.join("out"), 1 << 20).unwrap();
        assert_eq!(path, folder.join("out/data/fairway.db"));
        assert_eq!(fs::read(path).unwrap(), vec![7; 300_000]);
        assert!(matches!(reader.bytes("nothing", 10), Err(ArchiveError::Missing(_))));
    }

    #[test]
    fn the_same_content_gives_the_same_archive() {
        let (one, other) = (Folder::new("same-1"), Folder::new("same-2"));
        assert_eq!(fs::read(sample(&one)).unwrap(), fs::read(sample(&other)).unwrap());
    }

    #[test]
    fn an_archive_that_is_not_finished_leaves_nothing() {
        let folder = Folder::new("unfinished");
        let target = sample(&folder);
        let before = fs::read(&target).unwrap();

        let mut writer = Writer::create(&target).unwrap();
        writer.add("a", &b"a"[..]).unwrap();
        drop(writer);

        assert_eq!(fs::read(&target).unwrap(), before);
        assert!(!folder.join("backup.zip.part").exists());
    }

    #[test]
    fn names_that_leave_the_folder_are_refused_on_both_sides() {
        let folder = Folder::new("names");
        let mut writer = Writer::create(folder.join("w.zip")).unwrap();
        writer.add("a", &b""[..]).unwrap();
        let bad = ["", "/etc/passwd", "../a", "a/../../b", "a//b", "./a", "a\\b", "C:a", "a\0b", "dir/", "a"];
        for name in bad {
            assert!(matches!(writer.add(name, &b""[..]), Err(ArchiveError::BadName(_))), "{name:?}");
        }
        for name in ["../a", "/a", "a/../../b", "..\\a"] {
            foreign(&folder.join("f.zip"), &[name]);
            assert!(Reader::open(&folder.join("f.zip")).is_err(), "{name:?}");
        }
    }

    #[test]
    fn links_are_refused() {
        let folder = Folder::new("links");
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        zip.add_symlink("data", "/etc", SimpleFileOptions::default()).unwrap();
        fs::write(folder.join("l.zip"), zip.finish().unwrap().into_inner()).unwrap();

        assert!(matches!(Reader::open(&folder.join("l.zip")), Err(ArchiveError::BadName(_))));
    }

    #[test]
    fn damage_is_noticed() {
        let folder = Folder::new("damage");
        let target = sample(&folder);
        let whole = fs::read(&target).unwrap();
        fs::write(&target, &whole[..whole.len() - 10]).unwrap();
        assert!(matches!(Reader::open(&target), Err(ArchiveError::Damaged(_))));

        let mut flipped = whole.clone();
        let at = whole.windows(5).position(|w| w == b"%PDF-").unwrap();
        flipped[at] ^= 1;
        fs::write(&target, flipped).unwrap();
        let mut reader = Reader::open(&target).unwrap();
        assert!(matches!(
            reader.extract("files/ab/cd/abcd.pdf", &folder.join("out"), 100),
            Err(ArchiveError::Damaged(_))
        ));
        assert!(!folder.join("out/files/ab/cd/abcd.pdf").exists());
    }

    #[test]
    fn limits_and_existing_files_are_respected() {
        let folder = Folder::new("limits");
        let mut reader = Reader::open(&sample(&folder)).unwrap();
        let out = folder.join("out");

        assert!(matches!(reader.bytes("data/fairway.db", 1000), Err(ArchiveError::TooLarge(..))));
        assert!(matches!(reader.extract("data/fairway.db", &out, 1000), Err(ArchiveError::TooLarge(..))));
        assert!(!out.join("data/fairway.db").exists());
        reader.extract("manifest.json", &out, 10).unwrap();
        assert!(matches!(reader.extract("manifest.json", &out, 10), Err(ArchiveError::Io(_))));
    }
}
