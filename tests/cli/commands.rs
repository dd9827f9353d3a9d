//! The program as people start it: every command and every example of its help.

use crate::support::{machine::scratch_folder, postgres};
use fairway::calls::archive::shipped;
use std::{
    collections::BTreeSet,
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Mutex, mpsc},
    time::{Duration, Instant},
};

/// A folder to be in, and the program on the search path of its shell.
struct Desk {
    folder: PathBuf,
}

impl Desk {
    fn new() -> Self {
        let folder = scratch_folder("desk");
        fs::create_dir(folder.join("bin")).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_fairway"), folder.join("bin/fairway")).unwrap();
        Self { folder }
    }

    /// A line as people type it.
    fn shell(&self, line: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        let path = format!("{}:/usr/bin:/bin", self.folder.join("bin").display());
        command.args(["-c", line]).current_dir(&self.folder).env_clear().env("PATH", path).stdin(Stdio::null());
        command
    }

    fn run(&self, line: &str) -> Output {
        self.shell(line).output().unwrap()
    }

    /// What a line prints that works.
    #[track_caller]
    fn prints(&self, line: &str) -> String {
        let output = self.run(line);
        assert!(output.status.success(), "{line}\n{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a line says that is refused.
    #[track_caller]
    fn refuses(&self, line: &str) -> String {
        let output = self.run(line);
        assert!(!output.status.success(), "{line} should be refused");
        String::from_utf8(output.stderr).unwrap()
    }

    /// Starts a line that serves, waits for its address and asks it for a page.
    fn serves(&self, line: &str, patience: Duration) -> Serving {
        let start = Instant::now();
        let mut child =
            self.shell(&format!("exec {line}")).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, printed) = mpsc::channel();
        std::thread::spawn(move || out.lines().map_while(Result::ok).for_each(|line| _ = sender.send(line)));
        // What it logs may stand before its address, which has a line of its own.
        let address = loop {
            let left = patience.saturating_sub(start.elapsed());
            match printed.recv_timeout(left) {
                Ok(line) if line.starts_with("http://") && line.ends_with('/') => break line,
                Ok(_) => {}
                Err(_) => {
                    _ = child.kill();
                    panic!("{line} did not serve within {patience:?}")
                }
            }
        };
        Serving { child: Mutex::new(child), address, took: start.elapsed() }
    }

    fn names(&self) -> BTreeSet<String> {
        names_in(&self.folder)
    }
}

fn names_in(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

/// A program that serves; it is ended with this value.
struct Serving {
    child: Mutex<Child>,
    address: String,
    took: Duration,
}

impl Serving {
    /// The answer to a GET: head and body.
    fn get(&self, path: &str) -> String {
        use std::io::Write;
        let host = self.address.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = std::net::TcpStream::connect(host).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let mut child = self.child.lock().unwrap();
        _ = child.kill();
        _ = child.wait();
    }
}

/// The commands of the program, each with the help it prints.
fn helps(desk: &Desk) -> Vec<(String, String)> {
    let mut helps = Vec::new();
    let mut below = vec![String::new()];
    while let Some(command) = below.pop() {
        let help = desk.prints(&format!("fairway {command} --help"));
        let (_, list) = help.split_once("Commands:\n").unwrap_or(("", ""));
        let listed: Vec<String> = list
            .lines()
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')))
            .filter_map(|line| line.split_whitespace().next())
            .filter(|name| *name != "help")
            .map(|name| format!("{command} {name}").trim().to_owned())
            .collect();
        below.extend(listed);
        helps.push((command, help));
    }
    helps.retain(|(command, _)| !command.is_empty());
    helps
}

/// The example in a help text.
fn example(help: &str) -> Option<&str> {
    help.lines().find_map(|line| line.strip_prefix("Example: "))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_example_of_the_help_works_as_it_stands() {
    let desk = Desk::new();
    let helps = helps(&desk);
    let names: Vec<&str> = helps.iter().map(|(command, _)| command.as_str()).collect();
    for known in ["serve", "demo", "migrate", "check", "backup", "restore", "call import", "openapi", "permissions"] {
        assert!(names.contains(&known), "{known} is not among {names:?}");
    }
    let database = postgres::fresh_database().await;
    fs::write(desk.folder.join("innovation-express-2017.json"), shipped::INNOVATION_EXPRESS_2017).unwrap();
    // The places of the examples, below the folder of the test.
    let here = |line: &str| {
        line.replace("/srv/", "srv/")
            .replace("/tmp/", "tmp/")
            .replace("--port 8080", "--port 0")
            .replace("postgres://fairway@localhost/fairway", &format!("'{}'", database.url()))
    };
    let lines: Vec<String> = helps
        .iter()
        .map(|(command, help)| {
            let line = example(help).unwrap_or_else(|| panic!("the help of {command} has no example"));
            assert!(line.starts_with(&format!("fairway {command}")), "{command}: {line}");
            here(line)
        })
        .collect();
    // A call has to be there before it can be written out, a backup before it can be restored.
    let order = ["migrate", "admin", "call import", "call", "call export", "check", "backup", "restore"];
    let place = |line: &str| {
        let known = |name: &&str| line.starts_with(&format!("fairway {name}"));
        order.iter().rposition(known).unwrap_or(order.len())
    };
    let mut lines = lines;
    lines.sort_by_key(|line| place(line));
    lines.dedup();
    desk.prints("fairway migrate --data srv/fairway");
    let mut printed = Vec::new();
    for line in lines {
        if line.starts_with("fairway serve") || line.starts_with("fairway demo") {
            let served = desk.serves(&line, Duration::from_secs(120));
            assert!(served.get("/calls").starts_with("HTTP/1.1 200"), "{line}");
        } else {
            printed.push(desk.prints(&line));
        }
    }

    let all = printed.join("\n");
    for words in [
        "The database is up to date.",
        "Imported IE-2017 as a draft",
        "ok: the activity log is one unbroken chain",
        "the sqlite database and 0 files",
        "Restored the sqlite database",
    ] {
        assert!(all.contains(words), "“{words}” was not said in\n{all}");
    }
    let exported = fs::read_to_string(desk.folder.join("innovation-express-2017.json")).unwrap();
    assert!(exported.contains("\"IE-2017\""));
    let openapi: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(desk.folder.join("openapi.json")).unwrap()).unwrap();
    assert!(openapi["paths"].as_object().unwrap().len() > 50);
    // The settings that are printed are settings that can be read.
    assert!(desk.prints("fairway migrate --data srv/again --config fairway.toml").contains("up to date"));
    assert!(postgres::sql(&database, "SELECT count(*) FROM account").await.is_ok());
}

#[test]
fn what_reads_makes_nothing_in_a_mistyped_place() {
    let desk = Desk::new();
    let before = desk.names();

    for line in ["fairway check", "fairway backup b.zip", "fairway call export IE-2017", "fairway call export X --to x"]
    {
        let said = desk.refuses(&format!("{line} --data srv/fairwya"));
        assert!(said.contains("there is no database at srv/fairwya/fairway.sqlite"), "{line}: {said}");
        assert_eq!(desk.names(), before, "{line}");
    }

    // A folder that is there, but is not Fairway's.
    fs::create_dir(desk.folder.join("other")).unwrap();
    fs::write(desk.folder.join("other/fairway.sqlite"), "").unwrap();
    assert!(desk.refuses("fairway check --data other").contains("there are no files of Fairway in other"));
    assert_eq!(names_in(&desk.folder.join("other")), BTreeSet::from(["fairway.sqlite".to_owned()]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_postgresql_is_not_changed_by_a_look_at_it() {
    let desk = Desk::new();
    let database = postgres::fresh_database().await;
    fs::create_dir_all(desk.folder.join("data/files")).unwrap();

    let said = desk.refuses(&format!("fairway check --database '{}'", database.url()));

    assert!(said.contains("run `fairway migrate` first"), "{said}");
    let tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'";
    assert_eq!(postgres::sql(&database, tables).await.as_deref(), Ok("0"));
}

#[test]
fn a_call_goes_out_as_it_came_in_and_mistakes_are_named_with_their_place() {
    let desk = Desk::new();
    fs::write(desk.folder.join("call.json"), shipped::INNOVATION_EXPRESS_2017).unwrap();
    let broken = shipped::INNOVATION_EXPRESS_2017.replacen("\"code\": \"IE-2017\"", "\"code\": 7", 1);
    fs::write(desk.folder.join("broken.json"), broken).unwrap();

    let said = desk.refuses("fairway call import broken.json");
    assert!(said.contains("broken.json: ") && said.contains("nothing was imported"), "{said}");
    assert!(!desk.names().contains("data"), "{:?}", desk.names());
    assert!(desk.prints("fairway call import call.json").contains("Imported IE-2017 as a draft"));
    assert!(!desk.refuses("fairway call import call.json").is_empty());
    let out = desk.prints("fairway call export IE-2017");
    desk.prints("fairway call export IE-2017 --to out.json");
    assert_eq!(fs::read_to_string(desk.folder.join("out.json")).unwrap(), out);
    assert!(desk.refuses("fairway call export NO-SUCH").contains("there is no call with the code NO-SUCH"));
    // What was written out can be read in elsewhere, and is the same there.
    desk.prints("fairway call import out.json --data elsewhere");
    assert_eq!(desk.prints("fairway call export IE-2017 --data elsewhere"), out);
}

#[test]
fn an_administrator_gets_a_link_that_leads_to_a_password() {
    let desk = Desk::new();

    let link = desk.prints("fairway admin you@example.org --port 8123");
    assert!(link.starts_with("http://127.0.0.1:8123/password/new/"), "{link}");
    assert!(desk.refuses("fairway admin nobody").contains("e-mail"), "an address is asked for");

    let served = desk.serves("fairway serve --port 0", Duration::from_secs(60));
    let path = link.trim().trim_start_matches("http://127.0.0.1:8123");
    assert!(served.get(path).contains("Choose a new password"));
}

#[test]
fn settings_are_all_named_at_once_wherever_they_stand() {
    let desk = Desk::new();
    fs::write(desk.folder.join("f.toml"), "[http]\nhots = \"x\"\n[mail]\nfrom = \"nobody\"\n").unwrap();

    let line = "FAIRWAY__LOG__LEVEL==x= fairway serve --config f.toml --port 70000 --database mysql://x";
    let said = desk.refuses(line);

    for words in [
        "there is no setting http.hots (f.toml, line 2)",
        "mail.from must be a sender",
        "(f.toml, line 4)",
        "http.port must be a port between 0 and 65535 (--port)",
        "database.url must begin with sqlite: or postgres: (--database)",
        "log.level must be written as RUST_LOG is",
    ] {
        assert!(said.contains(words), "“{words}” is not in {said}");
    }
    assert_eq!(desk.names(), BTreeSet::from(["bin".to_owned(), "f.toml".to_owned()]));
}

#[test]
fn the_demo_tells_its_address_and_its_people_and_touches_nobody_elses_folder() {
    let desk = Desk::new();
    // Somebody's own folder, with a name the demo uses, and the folder of an installation.
    fs::create_dir_all(desk.folder.join("mine/open")).unwrap();
    fs::write(desk.folder.join("mine/open/letter.txt"), "my letter").unwrap();
    let said = desk.refuses("fairway demo --port 0 --data mine");
    assert!(said.contains("mine holds something else than the demo"), "{said}");
    assert_eq!(fs::read_to_string(desk.folder.join("mine/open/letter.txt")).unwrap(), "my letter");
    fs::create_dir(desk.folder.join("data")).unwrap();
    fs::write(desk.folder.join("data/fairway.sqlite"), "an installation").unwrap();
    assert!(desk.refuses("fairway demo --port 0 --data data").contains("data holds something else"));
    assert!(desk.refuses("fairway demo --database sqlite:x").contains("leave out"));

    // One that was stopped while it was made is made anew.
    fs::create_dir_all(desk.folder.join("half/open")).unwrap();
    fs::write(desk.folder.join("half/fairway-demo.txt"), "").unwrap();
    fs::write(desk.folder.join("half/open/fairway.sqlite"), "half of it").unwrap();
    let served = desk.serves("fairway demo --port 0 --data half", Duration::from_secs(120));
    assert!(served.get("/calls").contains("<strong>Demonstration.</strong>"));
    let people: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(desk.folder.join("half/demo-accounts.json")).unwrap()).unwrap();
    let first = people[0].as_object().unwrap();
    for field in ["role", "name", "email", "password", "api_token"] {
        assert!(first[field].as_str().is_some_and(|text| !text.is_empty()), "{field} of {first:?}");
    }
    let made = served.took;
    drop(served);

    // The second time everything is there, and nothing is made.
    let again = desk.serves("fairway demo --port 0 --data half", Duration::from_secs(60));
    assert!(again.took < made, "{:?} and {made:?}", again.took);
    assert_eq!(names_in(&desk.folder.join("data")), BTreeSet::from(["fairway.sqlite".to_owned()]));
}

#[test]
fn what_is_printed_is_what_is_checked_in() {
    let desk = Desk::new();

    assert_eq!(desk.prints("fairway config"), fairway::config::DEFAULTS);
    assert_eq!(desk.prints("fairway permissions"), fairway::kernel::access::policy::table());
    assert_eq!(desk.prints("fairway call schema"), fairway::calls::archive::SCHEMA);
    assert!(desk.prints("fairway --version").starts_with("fairway "));
    assert_eq!(desk.names(), BTreeSet::from(["bin".to_owned()]));
}
