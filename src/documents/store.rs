//! The bytes of files, found by their SHA-256 digest: what is in the store never changes.
//!
//! An upload is staged first, so that its content can be judged before it is kept; what is not kept leaves
//! nothing behind. [`Store`] asks for no more than an object storage can do.

use entity::types::digest;
use futures_util::future::BoxFuture;
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::SystemTime;
use tokio::fs::{self, File, OpenOptions};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};

const CHUNK: usize = 64 * 1024;

/// Bytes on their way in.
pub type Source<'a> = Pin<Box<dyn AsyncRead + Send + 'a>>;

/// Bytes on their way out; reading fails before the last piece when they are no longer what was stored.
pub type Content = Pin<Box<dyn AsyncRead + Send>>;

/// Why a file was not stored or not found.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the file is larger than {0} bytes")]
    TooLarge(u64),
    #[error("there is no room left where files are stored")]
    Full,
    #[error("the upload broke off: {0}")]
    Interrupted(io::Error),
    #[error("there is no file {0}")]
    Missing(String),
    #[error("file {0} is damaged: its bytes do not match its digest")]
    Damaged(String),
    #[error("the file store failed: {0}")]
    Io(io::Error),
}

impl From<io::Error> for StoreError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}

/// What is known of a stored file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stored {
    /// SHA-256 in hexadecimal.
    pub digest: String,
    pub size: u64,
}

/// A file that has arrived as a whole but is not kept yet; dropping it removes it.
#[derive(Debug)]
pub struct Staged {
    path: PathBuf,
    stored: Stored,
    kept: bool,
}

impl Staged {
    /// What will be known of it when it is kept.
    pub fn stored(&self) -> &Stored {
        &self.stored
    }

    /// Opens the bytes to judge them.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn open(&self) -> io::Result<std::fs::File> {
        std::fs::File::open(&self.path)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.kept {
            // A failure leaves a file for the sweep.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// A place for files.
pub trait Store: Send + Sync {
    /// Takes in bytes up to a limit without keeping them.
    fn stage<'a>(&'a self, source: Source<'a>, limit: u64) -> BoxFuture<'a, Result<Staged, StoreError>>;

    /// Keeps a staged file for good; the same bytes twice are kept once.
    fn keep<'a>(&'a self, staged: Staged) -> BoxFuture<'a, Result<Stored, StoreError>>;

    /// Opens a file for reading.
    fn get<'a>(&'a self, digest: &'a str) -> BoxFuture<'a, Result<Content, StoreError>>;

    /// Whether a file is there.
    fn has<'a>(&'a self, digest: &'a str) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// Every file, in the order of the digests.
    fn list(&self) -> BoxFuture<'_, Result<Vec<Stored>, StoreError>>;

    /// Takes in and keeps bytes up to a limit.
    fn put<'a>(&'a self, source: Source<'a>, limit: u64) -> BoxFuture<'a, Result<Stored, StoreError>> {
        Box::pin(async move { self.keep(self.stage(source, limit).await?).await })
    }

    /// The whole file in memory.
    fn read<'a>(&'a self, digest: &'a str) -> BoxFuture<'a, Result<Vec<u8>, StoreError>> {
        Box::pin(async move {
            let mut bytes = Vec::new();
            match self.get(digest).await?.read_to_end(&mut bytes).await {
                Ok(_) => Ok(bytes),
                Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(StoreError::Damaged(digest.to_owned())),
                Err(error) => Err(error.into()),
            }
        })
    }
}

/// Files in a folder of this machine: `ab/cd/abcd…`, with uploads under `incoming`.
#[derive(Debug)]
pub struct DiskStore {
    root: PathBuf,
    next: AtomicU64,
}

impl DiskStore {
    /// Uses a folder and makes it when it is not there.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub async fn open(root: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let store = Self { root: root.into(), next: AtomicU64::new(0) };
        fs::create_dir_all(store.incoming()).await?;
        Ok(store)
    }

    /// Removes uploads that a crash left behind and that nobody has written to since a moment.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn sweep(&self, unchanged_since: SystemTime) -> Result<usize, StoreError> {
        let mut removed = 0;
        let mut files = fs::read_dir(self.incoming()).await?;
        while let Some(file) = files.next_entry().await? {
            if file.metadata().await?.modified()? < unchanged_since {
                fs::remove_file(file.path()).await?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    /// Where a file is; the digest is checked, so that no other path can be named.
    fn path(&self, digest: &str) -> Result<PathBuf, StoreError> {
        let digest = digest::parse(digest).map_err(|_| StoreError::Missing(digest.to_owned()))?;
        Ok(self.root.join(&digest[..2]).join(&digest[2..4]).join(digest))
    }

    /// A new file under a name no other upload has, also when processes share the folder.
    async fn new_file(&self) -> Result<(PathBuf, File), StoreError> {
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let path = self.incoming().join(format!("{}-{number}", std::process::id()));
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            options.mode(0o600);
            match options.open(&path).await {
                Ok(file) => return Ok((path, file)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

impl Store for DiskStore {
    fn stage<'a>(&'a self, source: Source<'a>, limit: u64) -> BoxFuture<'a, Result<Staged, StoreError>> {
        Box::pin(async move {
            let (path, mut file) = self.new_file().await?;
            // From here on dropping removes the file: after an error, and when the request goes away.
            let mut staged = Staged { path, stored: Stored { digest: String::new(), size: 0 }, kept: false };
            staged.stored = pour(source, &mut file, limit).await?;
            file.sync_all().await?;
            Ok(staged)
        })
    }

    fn keep<'a>(&'a self, mut staged: Staged) -> BoxFuture<'a, Result<Stored, StoreError>> {
        Box::pin(async move {
            let path = self.path(&staged.stored.digest)?;
            let folder = path.parent().unwrap_or(&self.root);
            fs::create_dir_all(folder).await?;
            // Renaming over a file with the same digest is harmless, and mends one that was damaged.
            fs::rename(&staged.path, &path).await?;
            // Another process may take the name at once: it is no longer ours to remove.
            staged.kept = true;
            // The names must survive a power loss, up to the folder that was there before.
            for folder in path.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root)) {
                sync_folder(folder).await?;
            }
            Ok(staged.stored.clone())
        })
    }

    fn get<'a>(&'a self, digest: &'a str) -> BoxFuture<'a, Result<Content, StoreError>> {
        Box::pin(async move {
            let path = self.path(digest)?;
            let file = File::open(&path).await.map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => StoreError::Missing(digest.to_owned()),
                _ => error.into(),
            })?;
            Ok(Box::pin(Checked::new(file, digest.to_ascii_lowercase())) as Content)
        })
    }

    fn has<'a>(&'a self, digest: &'a str) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(async move { Ok(fs::try_exists(self.path(digest)?).await?) })
    }

    fn list(&self) -> BoxFuture<'_, Result<Vec<Stored>, StoreError>> {
        Box::pin(async move {
            let mut found = Vec::new();
            let mut folders = vec![self.root.clone()];
            while let Some(folder) = folders.pop() {
                let mut entries = fs::read_dir(&folder).await?;
                while let Some(entry) = entries.next_entry().await? {
                    let name = entry.file_name().to_string_lossy().into_owned();
                    if entry.file_type().await?.is_dir() {
                        if name.len() == 2 {
                            folders.push(entry.path());
                        }
                    } else if self.path(&name).is_ok_and(|path| path == entry.path()) {
                        found.push(Stored { digest: name, size: entry.metadata().await?.len() });
                    }
                }
            }
            found.sort();
            Ok(found)
        })
    }
}

async fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder).await?.sync_all().await
}

/// Writes all bytes and computes their digest on the way.
async fn pour(
    mut source: Source<'_>,
    target: &mut (impl AsyncWrite + Unpin),
    limit: u64,
) -> Result<Stored, StoreError> {
    let mut hasher = Sha256::new();
    let mut size = 0u64;
    let mut chunk = vec![0; CHUNK];
    loop {
        let n = source.read(&mut chunk).await.map_err(StoreError::Interrupted)?;
        if n == 0 {
            break;
        }
        size += n as u64;
        if size > limit {
            return Err(StoreError::TooLarge(limit));
        }
        hasher.update(&chunk[..n]);
        target.write_all(&chunk[..n]).await?;
    }
    target.flush().await?;
    Ok(Stored { digest: digest::hex(&hasher.finalize()), size })
}

/// A reader that gives out a piece only after the next one was read, and the last only when the digest is right.
struct Checked<R> {
    inner: R,
    expected: String,
    hasher: Sha256,
    chunk: Vec<u8>,
    held: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
    done: bool,
}

impl<R> Checked<R> {
    fn new(inner: R, expected: String) -> Self {
        let hasher = Sha256::new();
        Self { inner, expected, hasher, chunk: vec![0; CHUNK], held: vec![], ready: vec![], given: 0, done: false }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Checked<R> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if this.given < this.ready.len() {
                let n = out.remaining().min(this.ready.len() - this.given);
                out.put_slice(&this.ready[this.given..this.given + n]);
                this.given += n;
                return Poll::Ready(Ok(()));
            }
            if this.done {
                return Poll::Ready(Ok(()));
            }
            let mut buffer = ReadBuf::new(&mut this.chunk);
            ready!(Pin::new(&mut this.inner).poll_read(cx, &mut buffer))?;
            let read = buffer.filled();
            if read.is_empty() {
                if digest::hex(&this.hasher.finalize_reset()) != this.expected {
                    let damaged = StoreError::Damaged(this.expected.clone());
                    return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, damaged)));
                }
                this.done = true;
            }
            this.hasher.update(read);
            this.ready = std::mem::replace(&mut this.held, read.to_vec());
            this.given = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// A store in a folder of its own that goes away with it.
    struct Scratch {
        store: DiskStore,
        root: PathBuf,
    }

    impl Scratch {
        async fn new(name: &str) -> Self {
            let root = std::env::temp_dir().join(format!("fairway-store-{name}-{}", std::process::id()));
            let store = DiskStore::open(&root).await.unwrap();
            Self { store, root }
        }

        fn incoming(&self) -> usize {
            std::fs::read_dir(self.root.join("incoming")).unwrap().count()
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.root);
        }
    }

    fn source(bytes: &[u8]) -> Source<'_> {
        Box::pin(bytes)
    }

    /// Gives some bytes and then fails, like a connection that breaks.
    fn broken(bytes: &'static [u8]) -> Source<'static> {
        struct Break;
        impl AsyncRead for Break {
            fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
                Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
            }
        }
        Box::pin(bytes.chain(Break))
    }

    #[tokio::test]
    async fn a_file_is_found_by_its_digest() {
        let scratch = Scratch::new("found").await;

        let stored = scratch.store.put(source(b"abc"), 10).await.unwrap();

        let digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(stored, Stored { digest: digest.into(), size: 3 });
        assert!(scratch.root.join("ba/78").join(digest).exists());
        assert!(scratch.store.has(digest).await.unwrap());
        assert_eq!(scratch.store.read(digest).await.unwrap(), b"abc");
        assert_eq!(scratch.incoming(), 0);
    }

    #[tokio::test]
    async fn the_same_content_is_kept_once_and_mends_a_damaged_file() {
        let scratch = Scratch::new("twice").await;
        let first = scratch.store.put(source(b"abc"), 10).await.unwrap();
        std::fs::write(scratch.store.path(&first.digest).unwrap(), b"abX").unwrap();

        let second = scratch.store.put(source(b"abc"), 10).await.unwrap();

        assert_eq!(first, second);
        assert_eq!(scratch.store.list().await.unwrap(), std::slice::from_ref(&first));
        assert_eq!(scratch.store.read(&first.digest).await.unwrap(), b"abc");
    }

    #[tokio::test]
    async fn all_files_are_listed_by_digest() {
        let scratch = Scratch::new("list").await;
        let mut expected = Vec::new();
        for n in 0..20u8 {
            expected.push(scratch.store.put(source(&[n; 5]), 10).await.unwrap());
        }
        expected.sort();
        let staged = scratch.store.stage(source(b"not kept"), 10).await.unwrap();

        assert_eq!(scratch.store.list().await.unwrap(), expected);
        drop(staged);
    }

    #[tokio::test]
    async fn a_file_over_the_limit_leaves_nothing() {
        let scratch = Scratch::new("limit").await;

        assert!(scratch.store.put(source(&[1; 10]), 10).await.is_ok());
        let refused = scratch.store.put(source(&[2; 11]), 10).await.unwrap_err();

        assert!(matches!(refused, StoreError::TooLarge(10)), "{refused}");
        assert_eq!(scratch.store.list().await.unwrap().len(), 1);
        assert_eq!(scratch.incoming(), 0);
    }

    #[tokio::test]
    async fn a_broken_upload_leaves_nothing() {
        let scratch = Scratch::new("broken").await;

        let refused = scratch.store.put(broken(b"half"), 10).await.unwrap_err();

        assert!(matches!(refused, StoreError::Interrupted(_)), "{refused}");
        assert_eq!(scratch.incoming(), 0);
    }

    #[tokio::test]
    async fn an_upload_whose_request_goes_away_leaves_nothing() {
        let scratch = Scratch::new("cancelled").await;
        let (_writer, reader) = tokio::io::duplex(8);

        let waiting = scratch.store.put(Box::pin(reader), 10);
        assert!(tokio::time::timeout(std::time::Duration::from_millis(50), waiting).await.is_err());

        assert_eq!(scratch.incoming(), 0);
    }

    #[tokio::test]
    async fn a_staged_file_can_be_judged_and_dropped() {
        let scratch = Scratch::new("staged").await;

        let staged = scratch.store.stage(source(b"abc"), 10).await.unwrap();
        let mut seen = String::new();
        io::Read::read_to_string(&mut staged.open().unwrap(), &mut seen).unwrap();
        let digest = staged.stored().digest.clone();
        drop(staged);

        assert_eq!(seen, "abc");
        assert!(!scratch.store.has(&digest).await.unwrap());
        assert_eq!(scratch.incoming(), 0);
    }

    #[tokio::test]
    async fn a_damaged_file_is_noticed_before_its_last_piece_is_given() {
        for size in [3, CHUNK, 3 * CHUNK + 1] {
            let scratch = Scratch::new(&format!("damaged-{size}")).await;
            let stored = scratch.store.put(source(&vec![7; size]), 1 << 20).await.unwrap();
            let path = scratch.store.path(&stored.digest).unwrap();
            let mut bytes = std::fs::read(&path).unwrap();
            bytes[0] ^= 1;
            std::fs::write(&path, bytes).unwrap();

            let mut given = Vec::new();
            let mut content = scratch.store.get(&stored.digest).await.unwrap();
            let error = content.read_to_end(&mut given).await.unwrap_err();

            assert_eq!(error.kind(), io::ErrorKind::InvalidData);
            assert!(given.len() < size);
            assert!(matches!(scratch.store.read(&stored.digest).await, Err(StoreError::Damaged(_))));
        }
    }

    #[tokio::test]
    async fn large_and_empty_files_come_back_whole() {
        let scratch = Scratch::new("large").await;
        for size in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK] {
            let bytes: Vec<u8> = (0..size).map(|n| (n % 251) as u8).collect();
            let stored = scratch.store.put(source(&bytes), 1 << 20).await.unwrap();
            assert_eq!(scratch.store.read(&stored.digest).await.unwrap(), bytes, "{size}");
        }
    }

    #[tokio::test]
    async fn only_digests_name_files() {
        let scratch = Scratch::new("names").await;
        for name in ["", "../../etc/passwd", "abcd", &"g".repeat(64), &"/".repeat(64)] {
            assert!(matches!(scratch.store.get(name).await, Err(StoreError::Missing(_))), "{name}");
        }
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_full_disk_is_told_apart() {
        let mut full = OpenOptions::new().write(true).open("/dev/full").await.unwrap();
        let error = pour(source(b"abc"), &mut full, 10).await.unwrap_err();
        assert!(matches!(error, StoreError::Full), "{error}");
    }

    #[tokio::test]
    async fn what_a_crash_left_is_swept() {
        let scratch = Scratch::new("sweep").await;
        let left = scratch.root.join("incoming/1-0");
        std::fs::File::create(&left).unwrap().write_all(b"half").unwrap();
        let made = std::fs::metadata(&left).unwrap().modified().unwrap();

        assert_eq!(scratch.store.sweep(made).await.unwrap(), 0);
        assert_eq!(scratch.store.sweep(made + std::time::Duration::from_secs(1)).await.unwrap(), 1);
        assert_eq!(scratch.incoming(), 0);
    }
}
