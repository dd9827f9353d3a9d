//! A person with a browser that has no script and no screen: pages are read as text, forms are filled by their
//! labels and sent as browsers send them, redirects are followed.
//!
//! It has the words of the real [browser](super::browser), so that one story is lived with either.

use super::{
    app::TestApp,
    people::{Client, Page},
};
use std::collections::BTreeMap;

/// Elements that have no end.
const VOID: [&str; 9] = ["area", "base", "br", "col", "hr", "img", "input", "link", "meta"];
/// Parts of a page a person points at.
const REGIONS: [&str; 12] =
    ["tr", "li", "dd", "fieldset", "article", "section", "form", "details", "dialog", "figure", "nav", "aside"];

/// One element of a page, or a piece of text.
#[derive(Debug, Default)]
struct Node {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
    parent: Option<usize>,
    children: Vec<usize>,
}

/// A page as a tree; the root is the first node.
#[derive(Debug)]
struct Tree(Vec<Node>);

impl Tree {
    fn read(html: &str) -> Self {
        let mut nodes = vec![Node::default()];
        let mut here = 0;
        let mut rest = html;
        while !rest.is_empty() {
            let Some(start) = rest.find('<') else { break };
            add(&mut nodes, here, Node { text: unescaped(&rest[..start]), ..Node::default() });
            rest = &rest[start..];
            if rest.starts_with("<!--") {
                rest = rest.find("-->").map_or("", |end| &rest[end + 3..]);
                continue;
            }
            let end = tag_end(rest);
            let inside = rest[1..end].trim_end_matches('/').trim();
            rest = &rest[(end + 1).min(rest.len())..];
            if let Some(name) = inside.strip_prefix('/') {
                let mut at = here;
                while at != 0 && nodes[at].name != name.trim() {
                    at = nodes[at].parent.unwrap_or(0);
                }
                here = nodes[at].parent.unwrap_or(0);
            } else if !inside.starts_with('!') {
                let (name, attributes) = opened(inside);
                let void = VOID.contains(&name.as_str());
                let raw = matches!(name.as_str(), "script" | "style" | "textarea");
                let at = add(&mut nodes, here, Node { name: name.clone(), attributes, ..Node::default() });
                if raw {
                    let close = rest.find(&format!("</{name}")).unwrap_or(rest.len());
                    let text = unescaped(&rest[..close]);
                    // A line break right after the tag is not part of the text.
                    let text = text.strip_prefix('\n').map_or(text.clone(), str::to_owned);
                    add(&mut nodes, at, Node { text, ..Node::default() });
                    rest = rest[close..].find('>').map_or("", |end| &rest[close + end + 1..]);
                } else if !void {
                    here = at;
                }
            }
        }
        Self(nodes)
    }

    fn is(&self, at: usize, names: &[&str]) -> bool {
        names.contains(&self.0[at].name.as_str())
    }

    fn attribute(&self, at: usize, name: &str) -> &str {
        self.0[at].attributes.get(name).map_or("", String::as_str)
    }

    fn has(&self, at: usize, name: &str) -> bool {
        self.0[at].attributes.contains_key(name)
    }

    /// The node and everything in it, in the order of the page.
    fn within(&self, at: usize) -> Vec<usize> {
        let mut all = vec![at];
        for child in &self.0[at].children {
            all.extend(self.within(*child));
        }
        all
    }

    fn above(&self, at: usize, names: &[&str]) -> Option<usize> {
        let mut above = self.0[at].parent;
        while let Some(here) = above {
            if self.is(here, names) {
                return Some(here);
            }
            above = self.0[here].parent;
        }
        None
    }

    /// The words of an element, without controls and without what nobody sees.
    fn words(&self, at: usize) -> String {
        let mut text = String::new();
        self.collect(at, &mut text);
        tidy(&text)
    }

    fn collect(&self, at: usize, text: &mut String) {
        let hidden = self.has(at, "hidden") || self.attribute(at, "aria-hidden") == "true";
        if hidden || self.is(at, &["select", "textarea", "script", "style", "template", "head", "svg"]) {
            return;
        }
        text.push_str(&self.0[at].text);
        let inline = ["", "a", "b", "strong", "em", "span", "small", "abbr", "time", "ins", "del", "code", "label"];
        if !self.is(at, &inline) {
            text.push(' ');
        }
        for child in &self.0[at].children {
            self.collect(*child, text);
        }
        if !self.is(at, &inline) {
            text.push(' ');
        }
    }

    /// What a control is called: by the elements that name it, by its label, or by its own words.
    fn called(&self, at: usize) -> String {
        let by = |id: &str| (0..self.0.len()).find(|n| self.attribute(*n, "id") == id).map(|n| self.words(n));
        let labelled: Vec<String> = self.attribute(at, "aria-labelledby").split_whitespace().filter_map(by).collect();
        if !labelled.is_empty() {
            return labelled.join(" ");
        }
        if self.has(at, "aria-label") {
            return tidy(self.attribute(at, "aria-label"));
        }
        let id = self.attribute(at, "id");
        let label =
            (0..self.0.len()).find(|n| self.is(*n, &["label"]) && !id.is_empty() && self.attribute(*n, "for") == id);
        let label = label.or_else(|| self.above(at, &["label"]));
        label.map_or_else(|| self.words(at), |label| self.words(label))
    }
}

fn add(nodes: &mut Vec<Node>, parent: usize, node: Node) -> usize {
    let at = nodes.len();
    nodes.push(Node { parent: Some(parent), ..node });
    nodes[parent].children.push(at);
    at
}

/// Where a tag ends, with what stands in quotes left aside.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn opened(inside: &str) -> (String, BTreeMap<String, String>) {
    let name_end = inside.find(char::is_whitespace).unwrap_or(inside.len());
    let (name, mut rest) = (inside[..name_end].to_lowercase(), inside[name_end..].trim_start());
    let mut attributes = BTreeMap::new();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let key = rest[..end].to_lowercase();
        rest = rest[end..].trim_start();
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let quoted = after.strip_prefix('"').and_then(|text| text.split_once('"'));
            let (text, left) = quoted.unwrap_or_else(|| after.split_once(char::is_whitespace).unwrap_or((after, "")));
            value = unescaped(text);
            rest = left.trim_start();
        }
        attributes.insert(key, value);
    }
    (name, attributes)
}

fn unescaped(text: &str) -> String {
    let pairs = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&quot;", "\""), ("&lt;", "<")];
    let text = pairs.iter().fold(text.to_owned(), |text, (code, letter)| text.replace(code, letter));
    text.replace("&gt;", ">").replace("&nbsp;", " ").replace("&#38;", "&").replace("&amp;", "&")
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Somebody who reads pages as text.
pub struct Walker<'a> {
    client: Client<'a>,
    path: String,
    page: Option<Page>,
    tree: Tree,
    holding: String,
    /// What was typed or chosen, by the place of the control.
    typed: BTreeMap<usize, String>,
    file: Option<(String, String, Vec<u8>)>,
}

impl<'a> Walker<'a> {
    pub fn new(app: &'a TestApp) -> Self {
        Self {
            client: app.visitor(),
            path: String::new(),
            page: None,
            tree: Tree(vec![Node::default()]),
            holding: String::new(),
            typed: BTreeMap::new(),
            file: None,
        }
    }

    /// The address of the page.
    pub fn path(&self) -> String {
        self.path.clone()
    }

    /// The words of the page.
    pub fn text(&self) -> String {
        self.tree.words(0)
    }

    /// The status the page came with.
    pub fn status(&self) -> u16 {
        self.page.as_ref().map_or(0, |page| page.status.as_u16())
    }

    /// Types an address.
    pub async fn opens(&mut self, path: &str, heading: &str) {
        let page = self.client.get(path).await;
        self.turn_to(path, page).await;
        self.lands_on(heading);
    }

    /// Looks only into the smallest part of the page that holds these words, for the next act.
    pub fn near(&mut self, words: &str) {
        self.holding = tidy(words);
    }

    fn lands_on(&self, heading: &str) {
        let first = (0..self.tree.0.len()).find(|at| self.tree.is(*at, &["h1"])).map(|at| self.tree.words(at));
        let found = first.unwrap_or_default();
        assert!(found.starts_with(heading), "“{found}” instead of “{heading}” at {}: {}", self.path, self.text());
    }

    async fn turn_to(&mut self, path: &str, page: Page) {
        let (mut path, mut page) = (path.to_owned(), page);
        while page.status.is_redirection() {
            path = page.location.clone().unwrap_or_default();
            page = self.client.get(path.split('#').next().unwrap_or_default()).await;
        }
        self.path = path;
        self.tree = Tree::read(&page.html());
        self.page = Some(page);
        self.typed.clear();
        self.file = None;
        self.holding.clear();
    }

    /// Presses the button or follows the link of this name, and lands on the page with this heading.
    pub async fn follows(&mut self, name: &str, heading: &str) {
        let at = self.find(&["a", "button"], name);
        if self.tree.is(at, &["a"]) {
            let link = self.tree.attribute(at, "href").to_owned();
            let link = if link.starts_with('?') { format!("{}{link}", self.bare_path()) } else { link };
            let page = self.client.get(link.split('#').next().unwrap_or_default()).await;
            self.turn_to(&link, page).await;
        } else {
            self.send(at).await;
        }
        self.lands_on(heading);
    }

    fn bare_path(&self) -> &str {
        self.path.split(['?', '#']).next().unwrap_or_default()
    }

    async fn send(&mut self, button: usize) {
        let tree = &self.tree;
        let form = tree.above(button, &["form"]);
        let form = form.or_else(|| {
            let id = tree.attribute(button, "form");
            (0..tree.0.len()).find(|at| !id.is_empty() && tree.attribute(*at, "id") == id)
        });
        let form = form.unwrap_or_else(|| panic!("the button stands in no form"));
        let own = tree.attribute(form, "id");
        let mut fields: Vec<(String, String)> = Vec::new();
        for at in 0..tree.0.len() {
            let inside = tree.above(at, &["form"]) == Some(form)
                || (!own.is_empty() && tree.has(at, "form") && tree.attribute(at, "form") == own);
            let name = tree.attribute(at, "name").to_owned();
            if !inside || name.is_empty() || tree.has(at, "disabled") {
                continue;
            }
            if let Some(value) = self.value_of(at, at == button) {
                fields.push((name, value));
            }
        }
        let action = match tree.attribute(form, "action") {
            "" => self.bare_path().to_owned(),
            action => action.to_owned(),
        };
        let target = action.split('#').next().unwrap_or_default().to_owned();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let csrf = fields.iter().find(|(name, _)| *name == "csrf").map(|(_, v)| (*v).to_owned()).unwrap_or_default();
        let rest: Vec<(&str, &str)> = fields.iter().filter(|(name, _)| *name != "csrf").copied().collect();
        let page = if tree.attribute(form, "method").eq_ignore_ascii_case("post") {
            match self.file.take() {
                Some((field, name, bytes)) => {
                    self.client.upload_raw(&target, &csrf, &rest, (&field, &name, &bytes)).await
                }
                None => self.client.post_raw(&target, &csrf, &rest).await,
            }
        } else {
            let query: Vec<(String, String)> = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
            self.client.get(&format!("{target}?{}", fairway::web::posted::query(&query))).await
        };
        self.turn_to(&action, page).await;
    }

    /// What a control sends, if anything.
    fn value_of(&self, at: usize, pressed: bool) -> Option<String> {
        let tree = &self.tree;
        let kind = tree.attribute(at, "type");
        match tree.0[at].name.as_str() {
            "button" => pressed.then(|| tree.attribute(at, "value").to_owned()),
            "textarea" => {
                let shown: String = tree.0[at].children.iter().map(|child| tree.0[*child].text.as_str()).collect();
                Some(self.typed.get(&at).cloned().unwrap_or(shown))
            }
            "select" => {
                let options: Vec<usize> = tree.within(at).into_iter().filter(|n| tree.is(*n, &["option"])).collect();
                let chosen = options.iter().find(|n| tree.has(**n, "selected")).or(options.first());
                self.typed.get(&at).cloned().or_else(|| chosen.map(|n| tree.attribute(*n, "value").to_owned()))
            }
            "input" if matches!(kind, "radio" | "checkbox") => {
                let ticked = self.typed.get(&at).map_or(tree.has(at, "checked"), |word| word == "on");
                let value = if tree.has(at, "value") { tree.attribute(at, "value") } else { "on" };
                ticked.then(|| value.to_owned())
            }
            "input" if matches!(kind, "file" | "submit" | "button") => None,
            "input" => Some(self.typed.get(&at).cloned().unwrap_or_else(|| tree.attribute(at, "value").to_owned())),
            _ => None,
        }
    }

    /// The parts of the page that hold the words to look near, the smallest first.
    fn regions(&self) -> Vec<usize> {
        if self.holding.is_empty() {
            return vec![0];
        }
        let tree = &self.tree;
        let holds = |at: &usize| {
            (tree.is(*at, &REGIONS) || matches!(tree.attribute(*at, "role"), "group" | "region"))
                && (tree.words(*at).contains(&self.holding) || tree.attribute(*at, "aria-label") == self.holding)
        };
        let mut found: Vec<usize> = (0..self.tree.0.len()).filter(holds).collect();
        found.sort_by_key(|at| self.tree.within(*at).len());
        found
    }

    fn find(&self, kinds: &[&str], name: &str) -> usize {
        let wanted = tidy(name);
        for region in self.regions() {
            let tree = &self.tree;
            let fits = |at: &usize| {
                tree.is(*at, kinds)
                    && tree.attribute(*at, "type") != "hidden"
                    && (!tree.is(*at, &["a"]) || tree.has(*at, "href"))
            };
            let named: Vec<(usize, String)> =
                tree.within(region).into_iter().filter(fits).map(|at| (at, tree.called(at))).collect();
            let exact = named.iter().find(|(_, text)| *text == wanted);
            if let Some((at, _)) = exact.or_else(|| named.iter().find(|(_, text)| text.starts_with(&wanted))) {
                return *at;
            }
        }
        panic!("no {kinds:?} called “{name}” near “{}” at {}: {}", self.holding, self.path, self.text())
    }

    pub fn fill(&mut self, label: &str, text: &str) {
        let at = self.find(&["input", "textarea"], label);
        self.typed.insert(at, text.to_owned());
    }

    pub fn tick(&mut self, label: &str) {
        let at = self.find(&["input"], label);
        self.check(at);
    }

    fn check(&mut self, at: usize) {
        if self.tree.attribute(at, "type") == "radio" {
            let name = self.tree.attribute(at, "name").to_owned();
            for other in (0..self.tree.0.len()).filter(|n| self.tree.attribute(*n, "name") == name) {
                self.typed.insert(other, "off".to_owned());
            }
        }
        self.typed.insert(at, "on".to_owned());
    }

    /// Chooses an option of a list, or of a group of radio buttons or tick boxes.
    pub fn choose(&mut self, label: &str, option: &str) {
        let (wanted, group) = (tidy(option), tidy(label));
        let tree = &self.tree;
        for region in self.regions() {
            let inside = tree.within(region);
            let lists = inside.iter().filter(|at| tree.is(**at, &["select"]) && tree.called(**at).starts_with(&group));
            for list in lists {
                let options = tree.within(*list).into_iter().filter(|at| tree.is(*at, &["option"]));
                let named: Vec<(usize, String)> = options.map(|at| (at, tree.words(at))).collect();
                let exact = named.iter().find(|(_, text)| *text == wanted);
                if let Some((at, _)) = exact.or_else(|| named.iter().find(|(_, text)| text.starts_with(&wanted))) {
                    let value = tree.attribute(*at, "value").to_owned();
                    let value = if tree.has(*at, "value") { value } else { tree.words(*at) };
                    self.typed.insert(*list, value);
                    return;
                }
            }
            let title = |set: usize| {
                let legend = tree.within(set).into_iter().find(|at| tree.is(*at, &["legend"]));
                legend.map_or_else(String::new, |at| tree.words(at))
            };
            let set = inside.iter().find(|at| tree.is(**at, &["fieldset"]) && title(**at).starts_with(&group));
            if let Some(set) = set {
                let boxes = tree.within(*set).into_iter().filter(|at| {
                    tree.is(*at, &["input"]) && matches!(tree.attribute(*at, "type"), "radio" | "checkbox")
                });
                let named: Vec<(usize, String)> = boxes.map(|at| (at, tree.called(at))).collect();
                let exact = named.iter().find(|(_, text)| *text == wanted);
                if let Some((at, _)) = exact.or_else(|| named.iter().find(|(_, text)| text.starts_with(&wanted))) {
                    let at = *at;
                    self.check(at);
                    return;
                }
            }
        }
        panic!("no “{option}” in “{label}” at {}: {}", self.path, self.text())
    }

    /// Chooses a file for the field with this label.
    pub fn attach(&mut self, label: &str, name: &str, bytes: &[u8]) {
        let at = self.find(&["input"], label);
        self.file = Some((self.tree.attribute(at, "name").to_owned(), name.to_owned(), bytes.to_vec()));
    }

    /// The page says these words.
    pub fn see(&self, words: &str) {
        let found = self.regions().into_iter().map(|at| self.tree.words(at).to_lowercase()).next().unwrap_or_default();
        assert!(found.contains(&tidy(words).to_lowercase()), "“{words}” is missing at {}: {}", self.path, self.text());
    }

    /// The legends of groups whose class is this.
    pub fn legends(&self, class: &str) -> Vec<String> {
        let tree = &self.tree;
        let of = |at: usize| tree.within(at).into_iter().find(|n| tree.is(*n, &["legend"])).map(|n| tree.words(n));
        let groups = (0..tree.0.len()).filter(|at| tree.attribute(*at, "class").split_whitespace().any(|c| c == class));
        groups.filter_map(of).collect()
    }
}
