//! A real browser as a person uses it: it finds things by their words, waits for them, and says what it saw instead.
//!
//! Deliberately absent: selectors, sleeps and scripts in the tests. What a test cannot say with these methods,
//! a person with a screen reader probably cannot do either.

use super::{
    machine,
    webdriver::{Element, Problem, Session},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

/// How long the browser waits for what is expected before the test fails.
const PATIENCE: Duration = Duration::from_secs(10);
const BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// The two screens every page must work on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// 1280 by 720, the smallest laptop we promise to support.
    Desktop,
    /// 360 by 740 with touch, the narrowest phone we promise to support.
    Phone,
}

/// A browser of one person, with cookies of its own; it closes with its last copy.
#[derive(Clone)]
pub struct Browser {
    session: Arc<Session>,
    width: Width,
    scripts: bool,
    within: Option<String>,
    patience: Duration,
}

fn down(key: &str) -> Value {
    json!({ "type": "keyDown", "value": key })
}

fn up(key: &str) -> Value {
    json!({ "type": "keyUp", "value": key })
}

/// A tab of a browser.
pub struct Tab(Value);

impl Browser {
    /// Opens a new browser, with the page's own scripts allowed or not.
    pub async fn open(width: Width, scripts: bool) -> Browser {
        let session = Arc::new(Session::open().await);
        let browser = Browser { session, width, scripts, within: None, patience: PATIENCE };
        browser.emulate().await;
        browser
    }

    /// Gives the tab the person looks at its screen and its scripts.
    async fn emulate(&self) {
        let (wide, high, scale, phone) = match self.width {
            Width::Desktop => (1280, 720, 1, false),
            Width::Phone => (360, 740, 2, true),
        };
        let screen = json!({ "width": wide, "height": high, "deviceScaleFactor": scale, "mobile": phone });
        self.chromium("Emulation.setDeviceMetricsOverride", screen).await;
        self.chromium("Emulation.setTouchEmulationEnabled", json!({ "enabled": phone })).await;
        self.allow_scripts(self.scripts).await;
    }

    /// Opens another tab and looks at it; gives the one that was looked at before.
    pub async fn another_tab(&self) -> Tab {
        let before = self.session.get("window").await.unwrap_or_else(|problem| panic!("{problem}"));
        let new = self.session.post("window/new", json!({ "type": "tab" })).await;
        let new = new.unwrap_or_else(|problem| panic!("no other tab opens: {problem}"));
        self.look_at(&Tab(new["handle"].clone())).await;
        self.emulate().await;
        Tab(before)
    }

    /// Looks at another tab; gives the one that was looked at before.
    pub async fn look_at(&self, tab: &Tab) -> Tab {
        let before = self.session.get("window").await.unwrap_or_else(|problem| panic!("{problem}"));
        let gone = self.session.post("window", json!({ "handle": tab.0 })).await;
        gone.unwrap_or_else(|problem| panic!("the tab is not there: {problem}"));
        Tab(before)
    }

    /// The same browser, looking only into the smallest part of the page that holds these words,
    /// such as a row of a table, an item of a list, a group of fields or a section.
    pub fn within(&self, words: &str) -> Browser {
        Browser { within: Some(tidy(words)), ..self.clone() }
    }

    /// The same browser, waiting longer or shorter for what is expected.
    pub fn patient_for(&self, patience: Duration) -> Browser {
        Browser { patience, ..self.clone() }
    }

    /// Opens an address.
    pub async fn goto(&self, url: &str) {
        let opened = self.session.post("url", json!({ "url": url })).await;
        opened.unwrap_or_else(|problem| panic!("{url} does not open: {problem}"));
    }

    /// Loads the page again.
    pub async fn reload(&self) {
        self.session.post("refresh", json!({})).await.unwrap_or_else(|problem| panic!("{problem}"));
    }

    /// Goes back one page.
    pub async fn back(&self) {
        self.session.post("back", json!({})).await.unwrap_or_else(|problem| panic!("{problem}"));
    }

    /// The address of the page.
    pub async fn url(&self) -> String {
        let url = self.session.get("url").await.unwrap_or_else(|problem| panic!("{problem}"));
        url.as_str().unwrap_or_default().to_owned()
    }

    /// The title of the page.
    pub async fn title(&self) -> String {
        let title = self.session.get("title").await.unwrap_or_else(|problem| panic!("{problem}"));
        title.as_str().unwrap_or_default().to_owned()
    }

    /// Presses the button or follows the link that is called so.
    pub async fn click_text(&self, name: &str) {
        let script = "return find.pressable(arguments[0], arguments[1])";
        self.act(&format!("a button or link called “{name}”"), async || {
            let found = self.find(script, vec![json!(self.within), json!(name)]).await?;
            self.session.click(&found).await.map_err(Missed::from)
        })
        .await;
    }

    /// Writes into the field with this label, over what stands there.
    pub async fn fill(&self, label: &str, text: &str) {
        const NOT_TYPED: [&str; 8] = ["date", "datetime-local", "time", "month", "week", "color", "range", "hidden"];
        self.act(&format!("a field labelled “{label}”"), async || {
            let field = self.field(label).await?;
            let kind = self.look("return arguments[0].type", vec![field.argument()]).await?;
            if kind.as_str().is_some_and(|kind| NOT_TYPED.contains(&kind)) {
                let set = self.look("return page.set(...arguments)", vec![field.argument(), json!(text)]).await?;
                return if set == text { Ok(()) } else { Err(Missed::Other(format!("the field took {set}"))) };
            }
            // Control and A selects all; typing then replaces it, as a person would.
            let keys = if text.is_empty() {
                "\u{e009}a\u{e000}\u{e003}".to_owned()
            } else {
                format!("\u{e009}a\u{e000}{text}")
            };
            self.session.keys(&field, &keys).await.map_err(Missed::from)
        })
        .await;
    }

    /// Chooses an option of a list, or of a group of radio buttons or tick boxes with this title.
    pub async fn choose(&self, label: &str, option: &str) {
        self.act(&format!("“{option}” in a list or group called “{label}”"), async || {
            if let Ok(list) = self.field(label).await
                && self.look("return arguments[0].localName", vec![list.argument()]).await? == "select"
            {
                let option = vec![list.argument(), json!(option)];
                let option = self.find("return find.option(...arguments)", option).await?;
                return self.session.click(&option).await.map_err(Missed::from);
            }
            let script = "return find.choice(...arguments)";
            let choice = self.find(script, vec![json!(self.within), json!(label), json!(option)]).await?;
            self.set_ticked(&choice, true).await
        })
        .await;
    }

    /// Ticks the box with this label.
    pub async fn tick(&self, label: &str) {
        let what = format!("a tick box labelled “{label}”");
        self.act(&what, async || self.set_ticked(&self.field(label).await?, true).await).await;
    }

    /// Takes the tick out of the box with this label.
    pub async fn untick(&self, label: &str) {
        let what = format!("a tick box labelled “{label}”");
        self.act(&what, async || self.set_ticked(&self.field(label).await?, false).await).await;
    }

    /// Chooses a file of this machine for the field with this label.
    pub async fn upload(&self, label: &str, path: &Path) {
        let path = path.canonicalize().unwrap_or_else(|problem| panic!("{}: {problem}", path.display()));
        self.act(&format!("a file field labelled “{label}”"), async || {
            let field = self.field(label).await?;
            self.session.keys(&field, &path.to_string_lossy()).await.map_err(Missed::from)
        })
        .await;
    }

    /// What stands in the field with this label; of a list the chosen option, of a tick box `on` or `off`.
    pub async fn value(&self, label: &str) -> String {
        let script = "const [field] = arguments;
            return field.localName === 'select' ? tidy(field.selectedOptions[0]?.label)
                : /^(checkbox|radio)$/.test(field.type) ? (field.checked ? 'on' : 'off') : field.value ?? field.innerText";
        self.act(&format!("a field labelled “{label}”"), async || {
            let value = self.look(script, vec![self.field(label).await?.argument()]).await?;
            Ok(value.as_str().unwrap_or_default().to_owned())
        })
        .await
    }

    /// Presses one key: a character, or `Tab`, `Enter`, `Escape`, `Space`, `Up`, `Down`, `Left`, `Right`.
    pub async fn press(&self, key: &str) {
        let key = match key {
            "Tab" => "\u{e004}",
            "Enter" => "\u{e007}",
            "Escape" => "\u{e00c}",
            "Space" => " ",
            "Left" => "\u{e012}",
            "Up" => "\u{e013}",
            "Right" => "\u{e014}",
            "Down" => "\u{e015}",
            character => character,
        };
        self.keyboard(vec![down(key), up(key)]).await;
    }

    /// Presses a key while Control is held.
    pub async fn press_with_control(&self, key: &str) {
        const CONTROL: &str = "\u{e009}";
        let key = if key == "Enter" { "\u{e007}" } else { key };
        self.keyboard(vec![down(CONTROL), down(key), up(key), up(CONTROL)]).await;
    }

    /// Types a text into whatever has the keyboard's focus.
    pub async fn types(&self, text: &str) {
        let keys: Vec<String> = text.chars().map(String::from).collect();
        self.keyboard(keys.iter().flat_map(|key| [down(key), up(key)]).collect()).await;
    }

    async fn keyboard(&self, steps: Vec<Value>) {
        let actions = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": steps }] });
        self.session.post("actions", actions).await.unwrap_or_else(|problem| panic!("{problem}"));
    }

    /// What the thing is called that has the keyboard's focus.
    pub async fn focused(&self) -> String {
        let name = self.look("return name(document.activeElement)", vec![]).await;
        name.unwrap_or_else(|problem| panic!("{problem}")).as_str().unwrap_or_default().to_owned()
    }

    /// The visible words of the page, every kind of space as one space.
    pub async fn text(&self) -> String {
        let text = self.look("return page.text()", vec![]).await.unwrap_or_else(|problem| panic!("{problem}"));
        tidy_lines(text.as_str().unwrap_or_default())
    }

    /// The source of the page as the browser holds it.
    pub async fn html(&self) -> String {
        let html = self.session.get("source").await.unwrap_or_else(|problem| panic!("{problem}"));
        html.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the page shows these words, in capitals or not.
    pub async fn see(&self, words: &str) {
        self.act(&format!("the words “{words}”"), async || {
            if self.shows(words).await? { Ok(()) } else { Err(Missed::NotThere) }
        })
        .await;
    }

    /// Waits until the page no longer shows these words.
    pub async fn dont_see(&self, words: &str) {
        self.act(&format!("a page without the words “{words}”"), async || {
            if self.shows(words).await? { Err(Missed::Other("they are there".to_owned())) } else { Ok(()) }
        })
        .await;
    }

    /// Takes a picture of the whole page into `target/screenshots/<name>-<width>.png`.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        let metrics = self.chromium("Page.getLayoutMetrics", json!({})).await;
        let mut clip = metrics["cssContentSize"].clone();
        clip["scale"] = json!(1);
        let options = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let picture = self.chromium("Page.captureScreenshot", options).await;

        let folder = machine::target().join("screenshots");
        let width = if self.width == Width::Phone { "phone" } else { "desktop" };
        let path = folder.join(format!("{name}-{width}.png"));
        fs::create_dir_all(&folder).expect("the folder of built things can be written");
        let picture = STANDARD.decode(picture["data"].as_str().unwrap_or_default()).expect("Chromium sends base64");
        fs::write(&path, picture).expect("a picture can be written");
        path
    }

    /// What axe finds against WCAG 2.0 to 2.2, levels A and AA, one readable paragraph each.
    pub async fn axe(&self) -> Vec<String> {
        const RUN: &str = r#"globalThis.faults = null; void axe.run(document, {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"],
        }).then((found) => found.violations.map((fault) => `${fault.id} (${fault.impact}): ${fault.help}\n` +
            fault.nodes.map((node) => `  ${node.target.join(" ")}: ${node.html.slice(0, 200)}\n  ` +
                node.failureSummary.replace(/\s*\n\s*/g, " ")).join("\n")))
            .then((faults) => { globalThis.faults = faults; }, (problem) => { globalThis.faults = `${problem}`; })"#;
        let source = tokio::task::spawn_blocking(axe_source).await.expect("axe is there");
        // axe needs timers, which a page without scripts has not; the page itself has been loaded without.
        self.allow_scripts(true).await;
        let mut found = self.axe_of(source, RUN).await;
        for _ in 0..2 {
            // A page that went while it was looked at never answers: the next one is looked at from the start.
            if found.is_err() {
                found = self.axe_of(source, RUN).await;
            }
        }
        self.allow_scripts(self.scripts).await;
        let found = found.unwrap_or_else(|problem| panic!("axe: {problem}"));
        let found = found.as_array().unwrap_or_else(|| panic!("axe answers with a list, not with {found}"));
        found.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    async fn axe_of(&self, source: &str, run: &str) -> Result<Value, Problem> {
        let frame = self.chromium("Page.getFrameTree", json!({})).await["frameTree"]["frame"]["id"].clone();
        // A world of its own: the page's content policy and scripts do not touch axe, nor axe the page.
        let world = json!({ "frameId": frame, "worldName": "accessibility" });
        let world = self.chromium("Page.createIsolatedWorld", world).await["executionContextId"].clone();
        self.evaluate(source, &world).await?;
        self.evaluate(run, &world).await?;
        // A long page keeps a busy machine at it for longer than one question may take.
        let started = Instant::now();
        loop {
            let found = self.evaluate("globalThis.faults ?? null", &world).await?;
            if !found.is_null() || started.elapsed() > 6 * PATIENCE {
                return Ok(found);
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    /// What axe finds on the page, and what makes it scroll sideways.
    pub async fn faults(&self) -> Vec<String> {
        let mut faults = self.axe().await;
        let sticking_out = self.look("return page.sticking_out()", vec![]).await;
        let sticking_out = sticking_out.unwrap_or_else(|problem| panic!("{problem}"));
        for thing in sticking_out.as_array().into_iter().flatten().filter_map(Value::as_str) {
            faults.push(format!("reflow: the page scrolls sideways, because this sticks out: {thing}"));
        }
        faults
    }

    /// Fails when the page has a fault axe can find, or scrolls sideways.
    pub async fn assert_accessible(&self) {
        let faults = self.faults().await;
        if !faults.is_empty() {
            let picture = self.screenshot_of_failure().await;
            panic!("{} is not accessible\n{}\nscreenshot: {picture}", self.url().await, faults.join("\n"));
        }
    }

    /// Faults the browser wrote into its log since the last call, breaches of the content policy included.
    pub async fn console_errors(&self) -> Vec<String> {
        let log = self.session.post("se/log", json!({ "type": "browser" })).await;
        let log = log.unwrap_or_else(|problem| panic!("{problem}"));
        let severe = log.as_array().into_iter().flatten().filter(|entry| entry["level"] == "SEVERE");
        severe.filter_map(|entry| entry["message"].as_str().map(str::to_owned)).collect()
    }

    /// The cookies of the page, as names and values.
    pub async fn cookies(&self) -> Vec<(String, String)> {
        let cookies = self.session.get("cookie").await.unwrap_or_else(|problem| panic!("{problem}"));
        let part = |cookie: &Value, key: &str| cookie[key].as_str().unwrap_or_default().to_owned();
        let cookies = cookies.as_array().into_iter().flatten();
        cookies.map(|cookie| (part(cookie, "name"), part(cookie, "value"))).collect()
    }

    /// Gives the site of the page a cookie.
    pub async fn set_cookie(&self, name: &str, value: &str) {
        let cookie = json!({ "cookie": { "name": name, "value": value } });
        self.session.post("cookie", cookie).await.unwrap_or_else(|problem| panic!("{problem}"));
    }

    /// Forgets the cookies of the page's site, as when a session ends elsewhere.
    pub async fn forget_cookies(&self) {
        self.session.delete("cookie").await.unwrap_or_else(|problem| panic!("{problem}"));
    }

    /// Pulls the network cable, or puts it back.
    pub async fn offline(&self, offline: bool) {
        let network = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.chromium("Network.enable", json!({})).await;
        self.chromium("Network.emulateNetworkConditions", network).await;
    }

    /// Shows pages as for a person who prefers dark colours.
    pub async fn dark(&self) {
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
        self.chromium("Emulation.setEmulatedMedia", features).await;
    }

    /// Lets the browser live in another time zone, such as `Europe/Oslo`.
    pub async fn time_zone(&self, name: &str) {
        self.chromium("Emulation.setTimezoneOverride", json!({ "timezoneId": name })).await;
    }

    /// The answer of a script that is the body of a function in the page.
    pub async fn script(&self, script: &str) -> Value {
        self.session.script(script, vec![]).await.unwrap_or_else(|problem| panic!("{script}: {problem}"))
    }

    async fn shows(&self, words: &str) -> Result<bool, Problem> {
        let script = "return regions(arguments[0]).map((region) => region.innerText).slice(0, 1).join()";
        let text = self.look(script, vec![json!(self.within)]).await?;
        Ok(tidy(text.as_str().unwrap_or_default()).to_lowercase().contains(&tidy(words).to_lowercase()))
    }

    async fn field(&self, label: &str) -> Result<Element, Missed> {
        self.find("return find.field(...arguments)", vec![json!(self.within), json!(label)]).await
    }

    async fn set_ticked(&self, control: &Element, ticked: bool) -> Result<(), Missed> {
        let is_ticked = "const [box] = arguments; return box.checked ?? box.ariaChecked === 'true'";
        if self.look(is_ticked, vec![control.argument()]).await? == ticked {
            return Ok(());
        }
        let handle = self.find("return find.handle(...arguments)", vec![control.argument()]).await?;
        self.session.click(&handle).await.map_err(Missed::from)
    }

    async fn find(&self, script: &str, arguments: Vec<Value>) -> Result<Element, Missed> {
        Element::returned(&self.look(script, arguments).await?).ok_or(Missed::NotThere)
    }

    async fn look(&self, script: &str, arguments: Vec<Value>) -> Result<Value, Problem> {
        self.session.script(&format!("{}\n{script}", include_str!("browser.js")), arguments).await
    }

    /// Tries until it succeeds or patience ends, because pages load and change while the test goes on.
    async fn act<T>(&self, what: &str, attempt: impl AsyncFn() -> Result<T, Missed>) -> T {
        let end = Instant::now() + self.patience;
        loop {
            let missed = match attempt().await {
                Ok(done) => return done,
                Err(missed) => missed,
            };
            if Instant::now() > end {
                self.give_up(what, missed).await;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    async fn give_up(&self, what: &str, missed: Missed) -> ! {
        let part = self.within.as_ref().map(|words| format!(" near “{words}”")).unwrap_or_default();
        let why = match missed {
            Missed::NotThere => String::new(),
            Missed::Other(why) => format!(" ({why})"),
        };
        let names = self.look("return page.names()", vec![]).await.unwrap_or_default();
        panic!(
            "expected {what}{part}{why}\non {} with the text\n---\n{}\n---\nand the controls\n{}\nscreenshot: {}",
            self.url().await,
            self.text().await,
            names.as_str().unwrap_or_default(),
            self.screenshot_of_failure().await,
        );
    }

    async fn screenshot_of_failure(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let name = format!("failed-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        self.screenshot(&name).await.display().to_string()
    }

    async fn allow_scripts(&self, allowed: bool) {
        self.chromium("Emulation.setScriptExecutionDisabled", json!({ "value": !allowed })).await;
    }

    async fn evaluate(&self, expression: &str, world: &Value) -> Result<Value, Problem> {
        let call = json!({
            "expression": expression, "contextId": world, "awaitPromise": true, "returnByValue": true,
        });
        // The page is busy; what was started goes on, and asking again starts nothing.
        let mut answer = self.session.chromium("Runtime.evaluate", call.clone()).await;
        for _ in 0..2 {
            if answer.as_ref().is_err_and(|problem| problem.kind == "timeout") {
                answer = self.session.chromium("Runtime.evaluate", call.clone()).await;
            }
        }
        let answer = answer?;
        assert!(answer.get("exceptionDetails").is_none(), "axe fails: {answer}");
        Ok(answer["result"]["value"].clone())
    }

    async fn chromium(&self, command: &str, parameters: Value) -> Value {
        let answer = self.session.chromium(command, parameters).await;
        answer.unwrap_or_else(|problem| panic!("{command}: {problem}"))
    }
}

/// Why one attempt did not succeed; the next one may.
enum Missed {
    NotThere,
    Other(String),
}

impl From<Problem> for Missed {
    fn from(problem: Problem) -> Missed {
        Missed::Other(problem.to_string())
    }
}

/// The source of axe, taken from npm once per checkout.
fn axe_source() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        const PACKAGE: &str = include_str!("package.json");
        const LOCK: &str = include_str!("package-lock.json");
        let folder = machine::target().join("web-test");
        let (source, stamp) = (folder.join("node_modules/axe-core/axe.min.js"), folder.join("installed-lock.json"));
        fs::create_dir_all(&folder).expect("the folder of built things can be written");
        let only_one = File::create(folder.join("lock")).expect("the lock can be made");
        only_one.lock().expect("the lock can be taken");
        if fs::read_to_string(&stamp).ok().as_deref() != Some(LOCK) || !source.is_file() {
            let npm = machine::ensure("npm", "npm");
            fs::write(folder.join("package.json"), PACKAGE).expect("package.json can be written");
            fs::write(folder.join("package-lock.json"), LOCK).expect("package-lock.json can be written");
            let mut command = Command::new(npm);
            command.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]);
            machine::run(command.current_dir(&folder)).unwrap_or_else(|problem| panic!("{problem}"));
            fs::write(&stamp, LOCK).expect("the stamp can be written");
        }
        fs::read_to_string(&source).unwrap_or_else(|problem| panic!("{}: {problem}", source.display()))
    })
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn tidy_lines(text: &str) -> String {
    text.lines().map(tidy).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
#[path = "browser_test.rs"]
mod tests;
