//! Texts written by people, from Markdown to HTML that can do no harm: raw HTML is shown as text, links lead only
//! to web and mail addresses, pictures become links, headings stay below the page's own.

use pulldown_cmark::{CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};
use std::collections::{BTreeMap, BTreeSet};

/// The HTML of a text; its highest heading becomes an `h3`, so it fits below the `h2` of a section.
pub fn safe(text: &str) -> String {
    below(text, 2)
}

/// The HTML of a text whose highest heading comes right below the level given, and the others step by step.
pub fn below(text: &str, level: u8) -> String {
    let parse = || Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    let used: BTreeSet<HeadingLevel> = parse()
        .filter_map(|event| match event {
            Event::Start(Tag::Heading { level, .. }) => Some(level),
            _ => None,
        })
        .collect();
    let headings = used.into_iter().zip(usize::from(level) + 1..).collect();
    let mut out = String::with_capacity(text.len() + text.len() / 2);
    html::push_html(&mut out, Harmless { inner: parse(), headings, links: Vec::new() });
    out
}

struct Harmless<'a, I: Iterator<Item = Event<'a>>> {
    inner: I,
    /// The level each heading of the text gets.
    headings: BTreeMap<HeadingLevel, usize>,
    /// For each open link, whether it was let through.
    links: Vec<bool>,
}

impl<'a, I: Iterator<Item = Event<'a>>> Iterator for Harmless<'a, I> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        Some(match self.inner.next()? {
            Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
            Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
            Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
            Event::Start(Tag::Heading { level, .. }) => Event::Start(Tag::Heading {
                level: self.lower(level),
                id: None,
                classes: Vec::new(),
                attrs: Vec::new(),
            }),
            Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(self.lower(level))),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => self.open(link_type, &dest_url),
            Event::Start(Tag::Image { dest_url, .. }) => self.open(LinkType::Inline, &dest_url),
            Event::End(TagEnd::Link | TagEnd::Image) => {
                let shut = if self.links.pop() == Some(true) { "</a>" } else { "" };
                Event::InlineHtml(CowStr::Borrowed(shut))
            }
            other => other,
        })
    }
}

impl<'a, I: Iterator<Item = Event<'a>>> Harmless<'a, I> {
    fn lower(&self, level: HeadingLevel) -> HeadingLevel {
        HeadingLevel::try_from(self.headings.get(&level).map_or(6, |given| (*given).min(6))).unwrap_or(HeadingLevel::H6)
    }

    fn open(&mut self, kind: LinkType, to: &str) -> Event<'a> {
        let nested = self.links.contains(&true);
        let to = if kind == LinkType::Email { format!("mailto:{to}") } else { to.to_owned() };
        let good = !nested && allowed(&to);
        self.links.push(good);
        Event::InlineHtml(if good {
            CowStr::from(format!("<a href=\"{}\" rel=\"noopener nofollow\">", attribute(&to)))
        } else {
            CowStr::Borrowed("")
        })
    }
}

/// Web and mail addresses, written out in full; everything else could run code or lead to a place unseen.
fn allowed(to: &str) -> bool {
    let lower = to.to_ascii_lowercase();
    ["http://", "https://", "mailto:"].iter().any(|start| lower.starts_with(start))
        && !to.chars().any(|c| c.is_control() || c.is_whitespace())
}

fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('\'', "&#39;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_reads_well() {
        let html = safe(
            "# Aim\n\nWe **build** a [port](https://example.org/a?b=1&c=2).\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
        );
        assert!(html.contains("<h3>Aim</h3>"), "{html}");
        assert!(html.contains("<strong>build</strong>"));
        assert!(html.contains("<a href=\"https://example.org/a?b=1&amp;c=2\" rel=\"noopener nofollow\">port</a>"));
        assert!(html.contains("<li>one</li>") && html.contains("<td>1</td>"));
        assert!(safe("## a\n\n#### b\n\n## c").contains("<h4>b</h4>\n<h3>c</h3>"));
        assert!(safe("<ana@example.org>").contains("<a href=\"mailto:ana@example.org\""));
    }

    #[test]
    fn nothing_that_runs_gets_through() {
        for attack in [
            "<script>alert(1)</script>",
            "text <img src=x onerror=alert(1)> text",
            "<div onclick=\"alert(1)\">\n\nx\n\n</div>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](java\tscript:alert(1))",
            "[x](&#106;avascript:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](vbscript:x)",
            "[x](//evil.example/)",
            "![x](javascript:alert(1))",
            "![x](https://example.org/\"onerror=\"alert(1))",
            "[x](https://example.org/\"onmouseover=\"alert(1))",
            "[x]: javascript:alert(1)\n\n[x]",
            "<javascript:alert(1)>",
            "# h {#id onclick=alert(1)}",
            "<!-- --><script>x</script>",
            "<style>*{display:none}</style>",
            "```\"><script>alert(1)</script>\nx\n```",
            "[![x](https://a.example/)](javascript:alert(1))",
        ] {
            let html = safe(attack);
            let mut rest = html.as_str();
            while let Some(at) = rest.find('<') {
                let end = rest[at..].find('>').unwrap() + at;
                let tag = &rest[at..=end];
                let name = tag.trim_start_matches(['<', '/']).split([' ', '>']).next().unwrap();
                assert!(
                    ["p", "a", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "code", "strong", "em"].contains(&name),
                    "{attack} gave {tag} in {html}"
                );
                if let Some(href) = tag.split("href=\"").nth(1) {
                    assert!(["http://", "https://", "mailto:"].iter().any(|good| href.starts_with(good)), "{html}");
                }
                let quoted = tag.split('"').step_by(2).collect::<String>();
                assert!(!quoted.contains("on"), "{attack} gave {html}");
                rest = &rest[end + 1..];
            }
        }
    }

    #[test]
    fn tags_are_balanced_when_a_link_is_refused() {
        let html = safe("a [b *c*](javascript:x) d");
        assert_eq!(html, "<p>a b <em>c</em> d</p>\n");
    }
}
