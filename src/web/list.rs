//! Lists of staff: what the address asks for, and the links that change one thing and keep the rest.
//!
//! A feature describes its list once, its query takes a [`ListRequest`], its page hands a [`ListView`] to
//! the macros of `templates/components/list.html`:
//!
//! ```ignore
//! // pages.rs
//! const LIST: ListShape = ListShape {
//!     key: "proposals",                                    // saved views are kept under this name
//!     sorts: &[("code", "Number"), ("title", "Title"), ("submitted", "Submitted")],   // first one: default
//!     descending: false,
//!     filters: &["state", "agency"],
//! };
//!
//! async fn proposals(visit: Visit, Path(call): Path<CallId>) -> Answer {
//!     let request = LIST.request(&visit);
//!     if let Some(format) = Format::asked(&visit) {
//!         let all = visit.ask(ProposalsOf { call, list: request.everything() }).await?;
//!         return export(&visit, Subject::Call(call), format, "Proposals", &all.rows).await;
//!     }
//!     let listed = visit.ask(ProposalsOf { call, list: request.clone() }).await?;
//!     let list = LIST
//!         .view(&visit, &request, listed.total)
//!         .search("Number, title or organisation")
//!         .select("state", "State", words(PartState::ALL.iter().map(|s| (s.word(), s.label()))))
//!         .select("agency", "Agency", agencies)
//!         .exports()
//!         .views(lists::pages::own(&visit, LIST.key).await?);
//!     visit.page(&ProposalsPage { frame: visit.frame("Proposals"), list, rows: listed.rows })
//! }
//!
//! // queries.rs: filter, then order by request.sort and the id, then kernel::paging::listed
//! // An export row says its columns and cells: impl Exported for ProposalLine.
//! // An action on ticked rows or on all matches: LIST.chosen(&posted) → Chosen, done by jobs::bulk.
//! ```
//!
//! ```html
//! {% import "components/list.html" as lists %}
//! {% block wide %}
//! {{ lists::above(list, frame) }}
//! <table class="ds-table as-cards"><caption>Proposals</caption>
//! <thead><tr>{{ lists::head(list, "code") }}{{ lists::head(list, "title") }}<th scope="col">State</th></tr></thead>
//! <tbody>{% for row in rows %}<tr><th scope="row"><a href="…">{{ row.code }}</a></th>…</tr>{% endfor %}</tbody></table>
//! {{ lists::below(list) }}
//! {% endblock %}
//! ```

pub use super::export::{Exported, Format, export, hand_out};

use super::{
    frame::{Choice, Pager},
    posted::{self, Posted},
    visit::{Answer, Visit, keep},
};
use crate::{
    jobs::commands::OrderBulk,
    kernel::{
        AppError,
        paging::{ListRequest, Paging},
    },
};

/// What a list can be asked for.
#[derive(Debug, Clone, Copy)]
pub struct ListShape {
    /// The name under which views of this list are saved, at most 24 letters.
    pub key: &'static str,
    /// Columns that sort: name in the address and head. The first one sorts unless another is asked for.
    pub sorts: &'static [(&'static str, &'static str)],
    /// Whether the first column sorts downwards when nothing is asked for.
    pub descending: bool,
    /// Names of filters in the address.
    pub filters: &'static [&'static str],
}

/// Which rows an action is for: those ticked, or all that match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen<T> {
    Rows(Vec<T>),
    Matches(ListRequest),
}

impl ListShape {
    /// What the address of this request asks for.
    pub fn request(&self, visit: &Visit) -> ListRequest {
        self.read(&visit.queries())
    }

    /// What fields of an address ask for; what the list does not know is left out.
    pub fn read(&self, fields: &[(String, String)]) -> ListRequest {
        let field = |name: &str| fields.iter().find(|(key, value)| key == name && !value.trim().is_empty());
        let text = |name: &str| field(name).map(|(_, value)| value.trim());
        let asked = text("sort").filter(|name| self.sorts.iter().any(|(sort, _)| sort == name));
        let default = self.sorts.first().map_or("", |(name, _)| name);
        let filters = fields
            .iter()
            .filter(|(key, value)| self.filters.contains(&key.as_str()) && !value.trim().is_empty())
            .map(|(key, value)| (key.clone(), value.trim().chars().take(200).collect()))
            .take(50)
            .collect();
        ListRequest {
            q: text("q").unwrap_or_default().chars().take(200).collect(),
            filters,
            sort: asked.unwrap_or(default).to_owned(),
            descending: match (text("direction"), asked) {
                (Some(direction), _) => direction == "desc",
                (None, Some(name)) if name != default => false,
                (None, _) => self.descending,
            },
            paging: Paging::from_text(text("page"), text("size")),
        }
    }

    /// What is shown around the rows of this request.
    pub fn view(&self, visit: &Visit, request: &ListRequest, total: u64) -> ListView {
        ListView::new(*self, visit.path.clone(), request.clone(), total)
    }

    /// Which rows a form is about: the ticked ones of the field `rows`, or everything that matches.
    ///
    /// # Errors
    /// When nothing was ticked.
    pub fn chosen<T: std::str::FromStr>(&self, posted: &Posted) -> Result<Chosen<T>, AppError> {
        if posted.ticked("all_matches") {
            let fields = posted::pairs(posted.text("matching").as_bytes());
            return Ok(Chosen::Matches(self.read(&fields).everything()));
        }
        let rows: Vec<T> = posted.all("rows").iter().filter_map(|id| id.parse().ok()).collect();
        if rows.is_empty() {
            return Err(AppError::refused("nothing_ticked", "Tick at least one row first."));
        }
        Ok(Chosen::Rows(rows))
    }
}

/// Orders a job for many rows and shows how it goes; what keeps it from being ordered is said on the list.
///
/// # Errors
/// Errors that are no matter of the form.
pub async fn order_bulk(visit: &Visit, posted: &Posted, order: Result<OrderBulk, AppError>) -> Answer {
    let ordered = match order {
        Ok(order) => visit.run(posted, order).await,
        Err(error) => Err(error),
    };
    match ordered {
        Ok(job) => visit.to(format!("/jobs/{job}")),
        Err(error) => {
            visit.leave_error(&keep(error)?);
            visit.to(posted.text("back"))
        }
    }
}

/// A field of the filter form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub label: String,
    pub value: String,
    pub kind: FieldKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    Select(Vec<Choice>),
    Text,
    Day,
}

/// A filter in force, and the address without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pill {
    pub label: String,
    pub href: String,
}

/// A column head that sorts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub label: &'static str,
    pub href: String,
    /// `ascending`, `descending` or empty, as `aria-sort` wants it.
    pub direction: &'static str,
}

/// A view somebody saved: filters and order under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    pub id: String,
    pub name: String,
    pub query: String,
}

/// What stands around the rows of a list.
#[derive(Debug, Clone)]
pub struct ListView {
    shape: ListShape,
    /// The page's own address without a query.
    pub path: String,
    pub request: ListRequest,
    pub total: u64,
    pub pager: Pager,
    /// What the search field looks for; no search field when empty.
    pub search: String,
    pub fields: Vec<Field>,
    pub views: Option<Vec<SavedView>>,
    /// What is asked for most, one click away for everybody.
    pub presets: Vec<SavedView>,
    pub exports: bool,
}

impl ListView {
    fn new(shape: ListShape, path: String, request: ListRequest, total: u64) -> Self {
        let mut view = Self {
            shape,
            path,
            request,
            total,
            pager: Pager::default(),
            search: String::new(),
            fields: Vec::new(),
            views: None,
            presets: Vec::new(),
            exports: false,
        };
        let paging = view.request.paging;
        view.pager = Pager::new(paging.page, paging.size, total, |page| view.with(&[("page", &page.to_string())], &[]));
        view
    }

    /// Adds the field for words.
    #[must_use]
    pub fn search(mut self, hint: &str) -> Self {
        self.search = hint.to_owned();
        self
    }

    /// Adds a filter with choices.
    #[must_use]
    pub fn select(self, name: &'static str, label: &str, choices: Vec<Choice>) -> Self {
        self.field(name, label, FieldKind::Select(choices))
    }

    /// Adds a filter with typed text.
    #[must_use]
    pub fn text(self, name: &'static str, label: &str) -> Self {
        self.field(name, label, FieldKind::Text)
    }

    /// Adds a filter with a day.
    #[must_use]
    pub fn day(self, name: &'static str, label: &str) -> Self {
        self.field(name, label, FieldKind::Day)
    }

    fn field(mut self, name: &'static str, label: &str, kind: FieldKind) -> Self {
        let value = self.request.filter(name).unwrap_or_default().to_owned();
        self.fields.push(Field { name, label: label.to_owned(), value, kind });
        self
    }

    /// Adds the links that save the matches as files.
    #[must_use]
    pub fn exports(mut self) -> Self {
        self.exports = true;
        self
    }

    /// Adds the views the person saved of this list.
    #[must_use]
    pub fn views(mut self, views: Vec<SavedView>) -> Self {
        self.views = Some(views);
        self
    }

    /// Adds a filter that is one click away: its name, and what the address asks for.
    #[must_use]
    pub fn preset(mut self, name: &str, query: &str) -> Self {
        self.presets.push(SavedView { id: String::new(), name: name.to_owned(), query: query.to_owned() });
        self
    }

    /// The list's name, for saved views.
    pub fn key(&self) -> &'static str {
        self.shape.key
    }

    /// Whether anything narrows the list.
    pub fn is_narrowed(&self) -> bool {
        !self.request.q.is_empty() || !self.request.filters.is_empty()
    }

    /// Filters and order as an address keeps them, without the page.
    pub fn query(&self) -> String {
        posted::query(&self.parts(&[]))
    }

    /// The fields the filter form keeps without showing them.
    pub fn kept(&self) -> Vec<(String, String)> {
        self.parts(&[]).into_iter().filter(|(key, _)| matches!(key.as_str(), "sort" | "direction" | "size")).collect()
    }

    /// The filters in force.
    pub fn pills(&self) -> Vec<Pill> {
        let mut pills = Vec::new();
        if !self.request.q.is_empty() {
            let href = self.with(&[], &[("q", &self.request.q)]);
            pills.push(Pill { label: format!("“{}”", self.request.q), href });
        }
        for (name, value) in &self.request.filters {
            let field = self.fields.iter().find(|field| field.name == name);
            let label = field.map_or_else(|| name.replace('_', " "), |field| field.label.clone());
            let shown = match field.map(|field| &field.kind) {
                Some(FieldKind::Select(choices)) => {
                    choices.iter().find(|choice| choice.is(value)).map_or_else(|| value.clone(), |c| c.label.clone())
                }
                _ => value.clone(),
            };
            pills.push(Pill { label: format!("{label}: {shown}"), href: self.with(&[], &[(name, value)]) });
        }
        pills
    }

    /// The head of a column that sorts.
    pub fn head(&self, name: &str) -> Head {
        let label = self.shape.sorts.iter().find(|(sort, _)| *sort == name).map_or("", |(_, label)| label);
        let current = self.request.sort == name;
        let down = current && !self.request.descending;
        let href = self.with(&[("sort", name), ("direction", if down { "desc" } else { "asc" })], &[]);
        let direction = match (current, self.request.descending) {
            (false, _) => "",
            (true, false) => "ascending",
            (true, true) => "descending",
        };
        Head { label, href, direction }
    }

    /// The page sizes to choose from: size, address, whether it is the present one.
    pub fn sizes(&self) -> Vec<(u64, String, bool)> {
        let present = self.request.paging.size;
        Paging::SIZES.iter().map(|&n| (n, self.with(&[("size", &n.to_string())], &[]), n == present)).collect()
    }

    /// The address of a saved view.
    pub fn view_href(&self, view: &SavedView) -> String {
        if view.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, view.query) }
    }

    /// Whether this saved view is what is shown.
    pub fn is_shown(&self, view: &SavedView) -> bool {
        view.query == self.query()
    }

    /// The address that saves all matches as a file.
    pub fn export_href(&self, format: &str) -> String {
        self.with(&[("export", format)], &[])
    }

    /// The address of this list as it is, for coming back.
    pub fn here(&self) -> String {
        let query = self.query();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// The address with some fields set and some filters left out; any change begins at the first page.
    fn with(&self, set: &[(&str, &str)], without: &[(&str, &str)]) -> String {
        let mut parts = self.parts(without);
        parts.retain(|(key, _)| set.iter().all(|(name, _)| name != key));
        parts.extend(set.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        if parts.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, posted::query(&parts)) }
    }

    fn parts(&self, without: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut parts = Vec::new();
        if !self.request.q.is_empty() {
            parts.push(("q".to_owned(), self.request.q.clone()));
        }
        parts.extend(self.request.filters.iter().cloned());
        let default = self.shape.sorts.first().map_or("", |(name, _)| name);
        if self.request.sort != default || self.request.descending != self.shape.descending {
            parts.push(("sort".to_owned(), self.request.sort.clone()));
            parts.push(("direction".to_owned(), if self.request.descending { "desc" } else { "asc" }.to_owned()));
        }
        if self.request.paging.size != Paging::default().size {
            parts.push(("size".to_owned(), self.request.paging.size.to_string()));
        }
        parts.retain(|(key, value)| !without.iter().any(|(name, gone)| name == key && gone == value));
        parts
    }
}

/// Choices of words and labels, for filters over states.
pub fn words<V: Into<String>, L: Into<String>>(all: impl IntoIterator<Item = (V, L)>) -> Vec<Choice> {
    all.into_iter().map(|(value, label)| Choice::new(value, label)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: ListShape = ListShape {
        key: "things",
        sorts: &[("at", "When"), ("name", "Name")],
        descending: true,
        filters: &["state", "agency"],
    };

    fn view(query: &str) -> ListView {
        let request = SHAPE.read(&posted::pairs(query.as_bytes()));
        let choices = words([("open", "Open"), ("done", "Done")]);
        ListView::new(SHAPE, "/things".into(), request, 120).select("state", "State", choices)
    }

    #[test]
    fn only_what_the_list_knows_is_asked_for() {
        let view = view("q=+wind+&state=open&role=admin&sort=password&page=-1&size=9999");

        assert_eq!(view.request.q, "wind");
        assert_eq!(view.request.filters, [("state".to_owned(), "open".to_owned())]);
        assert_eq!((view.request.sort.as_str(), view.request.descending), ("at", true));
        assert_eq!(view.request.paging, Paging::default());
    }

    #[test]
    fn a_link_changes_one_thing_and_keeps_the_rest() {
        let view = view("q=wind&state=open&sort=name&page=2&size=50");

        assert_eq!(
            view.pager.next.as_deref(),
            Some("/things?q=wind&state=open&sort=name&direction=asc&size=50&page=3")
        );
        assert_eq!(view.head("name").direction, "ascending");
        assert_eq!(view.head("name").href, "/things?q=wind&state=open&size=50&sort=name&direction=desc");
        assert_eq!(view.head("at").href, "/things?q=wind&state=open&size=50&sort=at&direction=asc");
        assert_eq!(view.query(), "q=wind&state=open&sort=name&direction=asc&size=50");
    }

    #[test]
    fn every_filter_can_be_taken_away_alone() {
        let pills = view("q=a%26b&state=open&agency=x").pills();

        let shown: Vec<_> = pills.iter().map(|pill| (pill.label.as_str(), pill.href.as_str())).collect();
        assert_eq!(
            shown,
            [
                ("“a&b”", "/things?state=open&agency=x"),
                ("State: Open", "/things?q=a%26b&agency=x"),
                ("agency: x", "/things?q=a%26b&state=open"),
            ]
        );
    }

    #[test]
    fn an_action_is_for_the_ticked_rows_or_for_all_matches() {
        let field = |k: &str, v: &str| (k.to_owned(), v.to_owned());
        let ticked = Posted::of(vec![field("rows", "1"), field("rows", "2"), field("rows", "x")]);
        assert_eq!(SHAPE.chosen::<u32>(&ticked).unwrap(), Chosen::Rows(vec![1, 2]));

        let all = Posted::of(vec![field("all_matches", "yes"), field("matching", "state=open"), field("rows", "1")]);
        let Chosen::Matches(request) = SHAPE.chosen::<u32>(&all).unwrap() else { panic!("all were asked for") };
        assert_eq!(request.filter("state"), Some("open"));
        assert_eq!(request.paging.size, ListRequest::MOST);

        assert!(SHAPE.chosen::<u32>(&Posted::default()).is_err());
    }

    #[derive(askama::Template)]
    #[template(
        ext = "html",
        source = "{% import \"components/list.html\" as lists %}{% import \"components/table.html\" as table %}{{ lists::above(list, frame) }}
<form>{{ lists::head(list, \"name\") }}{% call lists::bulk(list) %}<button>Do</button>{% endcall %}</form>{{ lists::below(list) }}"
    )]
    struct Around {
        frame: crate::web::Frame,
        list: ListView,
    }

    #[test]
    fn the_macros_show_what_the_view_holds() {
        let saved = SavedView { id: "7".into(), name: "Open ones".into(), query: "state=open".into() };
        let list = view("state=open").search("Name").views(vec![saved]).exports();

        let html = askama::Template::render(&Around { frame: crate::web::Frame::titled("Things"), list }).unwrap();

        for part in [
            "<option value=\"open\" selected>Open</option>",
            "State: Open <span aria-hidden=\"true\">×</span>",
            "<a class=\"pill\" href=\"/things?state=open\" aria-current=\"true\">Open ones</a>",
            "<a class=\"sorter\" href=\"/things?state=open&#38;sort=name&#38;direction=asc\">Name</a>",
            "All 120 matches, also on other pages",
            "Save all 120 rows as <a href=\"/things?state=open&#38;export=xlsx\">Excel</a>",
        ] {
            assert!(html.contains(part), "{part} is missing from {html}");
        }
    }
}
