//! What the tests need from the machine: programs, folders, and helpers that never outlive the tests.
//!
//! A program that is missing is installed from its Debian package, so that `cargo test` is the only command
//! to know. Deliberately absent: any other package manager; there the message says what to install.

use std::{
    fs::{self, File, Permissions},
    io::{self, BufRead, BufReader},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Mutex, Once, OnceLock, PoisonError,
        atomic::{AtomicU32, Ordering},
        mpsc::{self, Receiver},
    },
    time::{Duration, Instant},
};

/// Finds a program, and installs its Debian package first where it is missing.
///
/// # Panics
///
/// When the program is missing and cannot be installed; the message says what to install by hand.
pub fn ensure(program: &str, package: &str) -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

    if let Some(path) = find(program) {
        return path;
    }
    let by_hand = format!("The tests need `{program}`. Install it: sudo apt-get install {package}");
    assert!(find("apt-get").is_some(), "{by_hand} (or your system's package of it; it must be on the search path)");
    assert!(User::own().is_root(), "{by_hand}");
    let _thread = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let lock = File::create(std::env::temp_dir().join("fairway-apt.lock")).expect("the lock of apt can be made");
    lock.lock().expect("the lock of apt can be taken");
    if let Some(path) = find(program) {
        return path;
    }
    install(program, package);
    find(program).unwrap_or_else(|| panic!("`{program}` is still missing after package `{package}` was installed"))
}

/// Where a program is: on the search path, or where Debian keeps the programs of PostgreSQL.
pub fn find(program: &str) -> Option<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the search path of programs is a fact of the machine, not a setting"
    )]
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        let mut versions: Vec<PathBuf> = versions.flatten().map(|entry| entry.path().join("bin")).collect();
        versions.sort();
        folders.extend(versions.into_iter().rev());
    }
    folders.into_iter().map(|folder| folder.join(program)).find(|candidate| candidate.is_file())
}

/// The user the tests run as, and what a helper must know about another one.
pub struct User {
    /// The number of the user.
    pub uid: u32,
    /// The number of the user's main group.
    pub gid: u32,
}

impl User {
    /// The one who runs the tests.
    pub fn own() -> User {
        User { uid: id(&["-u"]).expect("id -u answers"), gid: id(&["-g"]).expect("id -g answers") }
    }

    /// A user of the machine by name.
    pub fn named(name: &str) -> Option<User> {
        Some(User { uid: id(&["-u", name])?, gid: id(&["-g", name])? })
    }

    /// Whether this is the administrator.
    pub fn is_root(&self) -> bool {
        self.uid == 0
    }
}

/// The folder of built things (`target`), where screenshots and packages of the tests go too.
pub fn target() -> PathBuf {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    scratch.parent().unwrap_or(scratch).to_path_buf()
}

/// A helper process on a leash: it ends when the tests end, however they end, and its folder goes with it.
///
/// A small shell holds the other end of a pipe. When the test process is gone, killed or not, the pipe closes,
/// and the shell ends the helper with everything it started and removes the folder.
pub struct Leash {
    _shell: Child,
    _pipe: ChildStdin,
    printed: Mutex<Receiver<String>>,
}

impl Leash {
    /// Starts `program` as `user` with `arguments`; `folder` is the helper's own and is removed at the end.
    pub fn start(program: &Path, arguments: &[String], folder: &Path, user: Option<&User>) -> io::Result<Leash> {
        // The helper leads a group of its own, so that all it starts can be ended together.
        // PostgreSQL wants INT to end at once, others want TERM; a shell's background jobs do not hear INT.
        const SCRIPT: &str = r#"
            folder=$1; shift
            setsid sh -c 'trap : TERM; "$@" 2>&1; echo "(ended with $?)"' sh "$@" &
            cat >/dev/null
            kill -s INT -- -$!
            kill -s TERM -- -$! || kill -s TERM $!
            for tenth in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
                kill -s 0 -- -$! || break
                sleep 0.1
            done
            kill -s KILL -- -$!
            for second in 1 2 3 4 5; do
                rm -rf "$folder" && break
                sleep 1
            done
        "#;
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SCRIPT, "sh"]).arg(folder).arg(program).args(arguments);
        command
            .current_dir(folder)
            .env("TMPDIR", folder)
            .env("HOME", folder)
            .env("LC_ALL", "C.UTF-8")
            .env("LANGUAGE", "en_GB");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
        if let Some(user) = user {
            command.uid(user.uid).gid(user.gid);
        }
        let mut shell = command.spawn()?;
        let (Some(pipe), Some(out)) = (shell.stdin.take(), shell.stdout.take()) else {
            return Err(io::Error::other("the helper has no pipes"));
        };
        // Somebody must go on reading, or a full pipe would stop the helper.
        let (sender, printed) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(out).lines().map_while(Result::ok) {
                let _nobody_waits_any_more = sender.send(line);
            }
        });
        Ok(Leash { _shell: shell, _pipe: pipe, printed: Mutex::new(printed) })
    }

    /// Waits until the helper prints a line with these words, and gives that line; otherwise all it printed.
    pub fn wait_for(&self, words: &str, patience: Duration) -> Result<String, String> {
        let end = Instant::now() + patience;
        let mut before = String::new();
        let printed = self.printed.lock().unwrap_or_else(PoisonError::into_inner);
        while let Ok(line) = printed.recv_timeout(end.saturating_duration_since(Instant::now())) {
            if line.contains(words) {
                return Ok(line);
            }
            before.push_str(&line);
            before.push('\n');
            if line.starts_with("(ended with") {
                break;
            }
        }
        Err(before)
    }
}

/// A new empty folder outside the checkout, because another user may have to read it; it goes with the tests.
pub fn scratch_folder(purpose: &str) -> PathBuf {
    static ALL: OnceLock<(PathBuf, Leash)> = OnceLock::new();
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let (all, _leash) = ALL.get_or_init(|| {
        let all = make_folder(std::env::temp_dir().join(format!("fairway-tests-{}", std::process::id())), 0o711);
        let leash = Leash::start(Path::new("/bin/true"), &[], &all, None).expect("a shell starts");
        (all, leash)
    });
    make_folder(all.join(format!("{purpose}-{}", COUNT.fetch_add(1, Ordering::Relaxed))), 0o700)
}

fn make_folder(folder: PathBuf, mode: u32) -> PathBuf {
    fs::create_dir(&folder).unwrap_or_else(|problem| panic!("{} cannot be made: {problem}", folder.display()));
    fs::set_permissions(&folder, Permissions::from_mode(mode)).expect("a new folder is ours");
    folder
}

/// Runs a command to its end and gives what it printed, or all it said when it failed.
pub fn run(command: &mut Command) -> Result<String, String> {
    let output = command.stdin(Stdio::null()).output().map_err(|problem| format!("{command:?}: {problem}"))?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    Err(format!("{command:?}: {}\n{text}{}", output.status, String::from_utf8_lossy(&output.stderr)))
}

fn id(arguments: &[&str]) -> Option<u32> {
    run(Command::new("id").args(arguments)).ok()?.trim().parse().ok()
}

fn install(program: &str, package: &str) {
    static LISTS: Once = Once::new();
    eprintln!("tests: installing the Debian package `{package}` for `{program}`");
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(["-q", "-o", "DPkg::Lock::Timeout=300"]).args(arguments);
        run(command.env("DEBIAN_FRONTEND", "noninteractive"))
    };
    LISTS.call_once(|| {
        if let Err(problem) = apt(&["update"]) {
            eprintln!("tests: {problem}");
        }
    });
    apt(&["install", "-y", "--no-install-recommends", package])
        .unwrap_or_else(|problem| panic!("The tests need `{program}`, and its package does not install.\n{problem}"));
}

#[test]
fn a_program_on_the_search_path_is_found() {
    assert!(ensure("sh", "dash").is_file());
    assert_eq!(find("no-such-program-anywhere"), None);
}

#[test]
fn a_helper_ends_with_its_pipe_and_takes_its_folder_and_children_along() {
    let folder = scratch_folder("leash");
    let script = "sleep 300 & echo child $!; wait".to_owned();

    let leash = Leash::start(Path::new("/bin/sh"), &["-c".to_owned(), script], &folder, None).expect("sh starts");
    let line = leash.wait_for("child", Duration::from_secs(10)).expect("the helper speaks");
    let child = Path::new("/proc").join(line.trim_start_matches("child "));
    assert!(child.exists());
    drop(leash);

    for _tenth in 0..50 {
        if !folder.exists() {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(!folder.exists());
    let state = fs::read_to_string(child.join("stat")).unwrap_or_default();
    assert!(state.is_empty() || state.contains(") Z "), "the child still runs: {state}");
}

#[test]
fn a_helper_that_fails_says_why() {
    let folder = scratch_folder("leash");
    let arguments = ["-c".to_owned(), "echo out of paper >&2; exit 3".to_owned()];

    let leash = Leash::start(Path::new("/bin/sh"), &arguments, &folder, None).expect("sh starts");
    let said = leash.wait_for("ready", Duration::from_secs(10));

    assert_eq!(said, Err("out of paper\n(ended with 3)\n".to_owned()));
}
