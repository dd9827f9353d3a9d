//! What is wrong with a page, as far as its text alone tells.

use std::collections::{BTreeMap, BTreeSet};

/// Elements that have no end.
const VOID: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Forms without a command key by the beginnings of their addresses, and why. Besides these, a form that is saved
/// while it is written carries what was seen of it instead, so that the same answer twice changes nothing.
const KEYLESS: &[(&str, &str)] = &[
    ("/sign-", "sessions are no commands of an account, and their tokens must not be kept with a key"),
    ("/demo/switch", "changes nothing but who looks"),
    ("/acting-as/stop", "ends what has ended"),
    ("/register", "nobody is signed in; the link in the mail works once"),
    ("/confirm/", "the link works once"),
    ("/password/", "nobody is signed in; the link in the mail works once"),
    ("/account/password", "a password is not kept with a key, and the same one twice changes nothing"),
    ("/account/tokens", "the token is shown once and must not be kept with a key"),
    ("/invitations/", "the link works once, and the answer holds a password"),
    ("/receipts/verify", "compares a file and changes nothing"),
    ("/rankings/verify", "compares a file and changes nothing"),
    ("/sheets/grid", "every row is saved under the version it was read at, so that twice is once"),
    ("/sheets/offline", "shows what a form would change, and saves every sheet under the version it was read at"),
];

/// One opening tag.
#[derive(Debug, Clone, Default)]
struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
    /// The elements it stands in, outermost first, as places in the list of all tags.
    within: Vec<usize>,
}

impl Tag {
    fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
}

/// Everything that is wrong with a page.
pub fn faults(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let tags = read(html, &mut faults);
    let ids = ids(&tags, &mut faults);
    headings(&tags, &mut faults);
    labels(&tags, &ids, &mut faults);
    tables(&tags, &mut faults);
    forms(&tags, &mut faults);
    own_styles(&tags, &mut faults);
    references(&tags, &ids, &mut faults);
    faults
}

/// What is not closed, or closed where nothing is open.
pub fn unbalanced(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    read(html, &mut faults);
    faults
}

/// Where the links of a page lead, on this site.
pub fn links(html: &str) -> BTreeSet<String> {
    let tags = read(html, &mut Vec::new());
    let hrefs = tags.iter().filter(|tag| tag.name == "a").map(|tag| tag.get("href"));
    let inside =
        hrefs.filter(|href| href.starts_with('/')).map(|href| href.replace("&amp;", "&").replace("&#38;", "&"));
    inside.map(|href| href.split(['?', '#']).next().unwrap_or_default().to_owned()).collect()
}

/// Reads all tags; notes what is not closed, or closed where nothing is open.
fn read(html: &str, faults: &mut Vec<String>) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        if rest.starts_with("<!--") {
            rest = &rest[rest.find("-->").map_or(rest.len(), |end| end + 3)..];
            continue;
        }
        let end = tag_end(rest);
        let inside = rest[1..end].trim_end_matches('>');
        rest = &rest[end..];
        if inside.starts_with('!') {
            continue;
        }
        if let Some(name) = inside.strip_prefix('/') {
            let name = name.trim();
            match open.pop() {
                Some(place) if tags[place].name == name => {}
                Some(place) => {
                    faults.push(format!("<{}> is closed by </{name}>", tags[place].name));
                    return tags;
                }
                None => {
                    faults.push(format!("</{name}> closes nothing"));
                    return tags;
                }
            }
            continue;
        }
        let alone = inside.ends_with('/');
        let mut tag = attributes(inside.trim_end_matches('/'), faults);
        tag.within = open.clone();
        let name = tag.name.clone();
        tags.push(tag);
        if !alone && !VOID.contains(&name.as_str()) {
            open.push(tags.len() - 1);
        }
        if matches!(name.as_str(), "script" | "style") {
            let close = format!("</{name}");
            rest = &rest[rest.find(&close).unwrap_or(rest.len())..];
        }
    }
    if let Some(place) = open.first() {
        faults.push(format!("<{}> is never closed", tags[*place].name));
    }
    tags
}

/// The end of a tag: the first `>` outside of quotes.
fn tag_end(rest: &str) -> usize {
    let mut quote = None;
    for (place, character) in rest.char_indices() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '>') => return place + 1,
            _ => {}
        }
    }
    rest.len()
}

fn attributes(inside: &str, faults: &mut Vec<String>) -> Tag {
    let name_end = inside.find(char::is_whitespace).unwrap_or(inside.len());
    let mut tag = Tag { name: inside[..name_end].to_lowercase(), ..Tag::default() };
    let mut rest = inside[name_end..].trim_start();
    while !rest.is_empty() {
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(after) = rest.strip_prefix('=') {
            let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
            let Some(quote) = quote else {
                faults.push(format!("<{}>: the value of {name} is not in quotes", tag.name));
                return tag;
            };
            let length = after[1..].find(quote).unwrap_or(after.len() - 1);
            after[1..1 + length].clone_into(&mut value);
            rest = after.get(length + 2..).unwrap_or_default();
        }
        if tag.attributes.insert(name.clone(), value).is_some() {
            faults.push(format!("<{}> has {name} twice", tag.name));
        }
        rest = rest.trim_start();
    }
    tag
}

fn ids(tags: &[Tag], faults: &mut Vec<String>) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for tag in tags.iter().filter(|tag| tag.attributes.contains_key("id")) {
        if tag.get("id").is_empty() || !ids.insert(tag.get("id").to_owned()) {
            faults.push(format!("the id “{}” stands twice, or is empty", tag.get("id")));
        }
    }
    ids
}

fn headings(tags: &[Tag], faults: &mut Vec<String>) {
    // A drawing and its marks have titles of their own.
    let drawn = |tag: &Tag| tag.within.iter().any(|place| tags[*place].name == "svg");
    let count = |name: &str| tags.iter().filter(|tag| tag.name == name && !drawn(tag)).count();
    for name in ["h1", "title", "main"] {
        if count(name) != 1 {
            faults.push(format!("there are {} <{name}>, not one", count(name)));
        }
    }
    let levels = tags.iter().filter_map(|tag| tag.name.strip_prefix('h')?.parse::<u32>().ok());
    let mut before = 0;
    for level in levels {
        if level > before + 1 {
            faults.push(format!("an <h{level}> follows an <h{before}>"));
        }
        before = level;
    }
}

fn labels(tags: &[Tag], ids: &BTreeSet<String>, faults: &mut Vec<String>) {
    let labelled: BTreeSet<&str> = tags.iter().filter(|tag| tag.name == "label").map(|tag| tag.get("for")).collect();
    for tag in tags {
        let typed = match tag.name.as_str() {
            "input" => !matches!(tag.get("type"), "hidden" | "submit" | "button"),
            "select" | "textarea" => true,
            _ => false,
        };
        let inside = tag.within.iter().any(|place| tags[*place].name == "label");
        let named = inside
            || !tag.get("aria-label").is_empty()
            || !tag.get("aria-labelledby").is_empty()
            || !tag.get("id").is_empty() && labelled.contains(tag.get("id"));
        if typed && !named {
            faults.push(format!("the {} “{}” has no label", tag.name, tag.get("name")));
        }
    }
    for target in labelled.into_iter().filter(|target| !target.is_empty() && !ids.contains(*target)) {
        faults.push(format!("a label is for “{target}”, which is not there"));
    }
    for image in tags.iter().filter(|tag| tag.name == "img" && !tag.attributes.contains_key("alt")) {
        faults.push(format!("the image {} has no alt", image.get("src")));
    }
}

fn tables(tags: &[Tag], faults: &mut Vec<String>) {
    for (place, _) in tags.iter().enumerate().filter(|(_, tag)| tag.name == "table") {
        let inside = |name: &str| tags.iter().any(|tag| tag.name == name && tag.within.contains(&place));
        if !inside("caption") {
            faults.push("a table has no caption".to_owned());
        }
        if !inside("th") {
            faults.push("a table has no headings".to_owned());
        }
    }
}

fn forms(tags: &[Tag], faults: &mut Vec<String>) {
    for (place, form) in tags.iter().enumerate().filter(|(_, tag)| tag.name == "form") {
        let inside: Vec<&Tag> = tags.iter().filter(|tag| tag.within.contains(&place)).collect();
        let posts = form.get("method").eq_ignore_ascii_case("post");
        let token = |tag: &&Tag| tag.name == "input" && tag.get("name") == "csrf" && !tag.get("value").is_empty();
        if posts && !inside.iter().any(token) {
            faults.push(format!("the form to “{}” carries no csrf", form.get("action")));
        }
        let key = |tag: &&Tag| tag.name == "input" && tag.get("name") == "key" && tag.get("value").len() >= 8;
        let action = form.get("action");
        let keyless =
            !form.get("data-autosave").is_empty() || KEYLESS.iter().any(|(start, _)| action.starts_with(start));
        if posts && !keyless && !inside.iter().any(key) {
            faults.push(format!("the form to “{action}” carries no command key: a second press would act twice"));
        }
        if !posts && inside.iter().any(|tag| tag.get("name") == "csrf") {
            faults.push(format!("the form to “{}” would show its csrf in the address", form.get("action")));
        }
        if inside.iter().any(|tag| tag.name == "form") {
            faults.push(format!("the form to “{}” holds another form", form.get("action")));
        }
        // Without script a form is sent by a button.
        let owned = |tag: &Tag| !form.get("id").is_empty() && tag.get("form") == form.get("id");
        let button = |tag: &Tag| {
            tag.name == "button" && !matches!(tag.get("type"), "button" | "reset")
                || tag.name == "input" && tag.get("type") == "submit"
        };
        if !inside.iter().any(|tag| button(tag)) && !tags.iter().any(|tag| owned(tag) && button(tag)) {
            faults.push(format!("the form to “{}” has no button", form.get("action")));
        }
    }
}

/// The content policy forbids what stands in the page itself.
fn own_styles(tags: &[Tag], faults: &mut Vec<String>) {
    for tag in tags {
        if tag.attributes.contains_key("style") || tag.name == "style" {
            faults.push(format!("<{}> has a style of its own", tag.name));
        }
        let data = tag.get("type") == "application/json";
        if tag.name == "script" && !data && tag.get("src").is_empty() {
            faults.push("there is a script in the page".to_owned());
        }
        if let Some(name) = tag.attributes.keys().find(|name| name.starts_with("on")) {
            faults.push(format!("<{}> has {name}", tag.name));
        }
        if ["href", "src", "action"].iter().any(|name| tag.get(name).starts_with("javascript:")) {
            faults.push(format!("<{}> leads to a script", tag.name));
        }
    }
}

fn references(tags: &[Tag], ids: &BTreeSet<String>, faults: &mut Vec<String>) {
    for tag in tags {
        if let Some(target) = tag.get("href").strip_prefix('#').filter(|target| !ids.contains(*target)) {
            faults.push(format!("a link leads to “#{target}”, which is not there"));
        }
        for name in ["aria-describedby", "aria-labelledby", "aria-controls", "form", "list"] {
            for target in tag.get(name).split_whitespace().filter(|target| !ids.contains(*target)) {
                faults.push(format!("{name} of <{}> is “{target}”, which is not there", tag.name));
            }
        }
    }
}

#[test]
fn a_good_page_has_no_faults() {
    let page = r##"<!doctype html><html lang="en"><head><title>A</title></head><body><a href="#main">x</a>
        <main id="main"><h1>A</h1><!-- <b> --><h2>B</h2><form method="post" action="/a"><input type="hidden" name="csrf" value="1"><input type="hidden" name="key" value="12345678">
        <label for="n">Name</label><input id="n" name="n"><label><input type="checkbox" name="c"> c</label><button>Go</button></form>
        <table><caption>T</caption><tr><th>a</th></tr></table><svg><path d="M0"/></svg></main></body></html>"##;

    assert_eq!(faults(page), Vec::<String>::new());
}

#[test]
fn what_is_wrong_is_named() {
    let page = r##"<html><head><title>A</title></head><body><main><h1>A</h1><h3>B</h3><p style="x" id="a">
        <a href="#nowhere" id="a" onclick="y">z</a></p><input name="n"><table><tr><td>1</td></tr></table>
        <form method="post" action="/a"></form><script>x</script></main></body></html>"##;

    assert_eq!(
        faults(page),
        [
            "the id “a” stands twice, or is empty",
            "an <h3> follows an <h1>",
            "the input “n” has no label",
            "a table has no caption",
            "a table has no headings",
            "the form to “/a” carries no csrf",
            "the form to “/a” carries no command key: a second press would act twice",
            "the form to “/a” has no button",
            "<p> has a style of its own",
            "<a> has onclick",
            "there is a script in the page",
            "a link leads to “#nowhere”, which is not there",
        ]
    );
    assert_eq!(faults("<p><b>x</p>")[0], "<b> is closed by </p>");
    assert_eq!(faults("<p>x")[0], "<p> is never closed");
}
