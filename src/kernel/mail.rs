//! A mail as text and as HTML, from one text.
//!
//! The text knows paragraphs, `- ` lists and one kind of link, a line of its own that begins with `→ `.
//! There is no other markup, so a name or title that finds its way into a mail cannot add a link to it.

/// A message ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Makes a message of a rendered template: first line subject, rest body; `→ /path` becomes a full address.
pub fn compose(body: &str, base_url: &str) -> Message {
    let (first, rest) = body.trim().split_once('\n').unwrap_or((body.trim(), ""));
    let subject: String = first.trim().chars().filter(|c| !c.is_control()).take(200).collect();
    let mut text = String::new();
    let mut html = String::new();
    for block in blocks(rest, base_url) {
        if !text.is_empty() {
            text.push('\n');
        }
        match block {
            Block::Paragraph(lines) => {
                text.push_str(&lines.join("\n"));
                text.push('\n');
                let shown: Vec<String> = lines.iter().map(|l| escape(l)).collect();
                html.push_str(&format!("<p>{}</p>\n", shown.join("<br>\n")));
            }
            Block::List(items) => {
                html.push_str("<ul>\n");
                for item in items {
                    text.push_str(&format!("- {item}\n"));
                    html.push_str(&format!("<li>{}</li>\n", escape(&item)));
                }
                html.push_str("</ul>\n");
            }
            Block::Link(target) => {
                let address = if target.starts_with('/') { format!("{base_url}{target}") } else { target };
                text.push_str(&format!("{address}\n"));
                let shown = escape(&address);
                html.push_str(&format!("<p><a href=\"{shown}\">{shown}</a></p>\n"));
            }
        }
    }
    let html = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
         <body>\n{html}</body></html>\n",
        title = escape(&subject),
    );
    Message { subject, text, html }
}

enum Block {
    Paragraph(Vec<String>),
    List(Vec<String>),
    Link(String),
}

fn blocks(text: &str, base_url: &str) -> Vec<Block> {
    let mut all = Vec::new();
    for line in text.lines().map(str::trim_end).chain([""]) {
        let target = line.strip_prefix("→ ").map(str::trim);
        // Only pages of this installation: a line somebody typed must not become a link to elsewhere.
        if let Some(target) = target.filter(|t| t.starts_with('/') || t.starts_with(&format!("{base_url}/"))) {
            all.push(Block::Link(target.to_owned()));
        } else if let Some(item) = line.strip_prefix("- ") {
            match all.last_mut() {
                Some(Block::List(items)) => items.push(item.to_owned()),
                _ => all.push(Block::List(vec![item.to_owned()])),
            }
        } else if line.is_empty() {
            all.push(Block::Paragraph(Vec::new()));
        } else {
            match all.last_mut() {
                Some(Block::Paragraph(lines)) => lines.push(line.to_owned()),
                _ => all.push(Block::Paragraph(vec![line.to_owned()])),
            }
        }
    }
    all.retain(|block| !matches!(block, Block::Paragraph(lines) if lines.is_empty()));
    all
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_becomes_text_and_html() {
        let message =
            compose("Receipt\n\nYour part was <submitted>.\n- one\n- two\n\n→ /proposals/1\n", "https://f.example");
        assert_eq!(message.subject, "Receipt");
        assert_eq!(message.text, "Your part was <submitted>.\n\n- one\n- two\n\nhttps://f.example/proposals/1\n");
        assert!(message.html.contains("<p>Your part was &lt;submitted&gt;.</p>"));
        assert!(message.html.contains("<a href=\"https://f.example/proposals/1\">"));
    }

    #[test]
    fn a_title_cannot_add_a_link_or_a_header() {
        let title = "Nice <a href=\"https://bad.example\">prize</a>";
        let message = compose(&format!("About {title}\r\n\nThe proposal {title} was submitted."), "https://f.example");
        assert!(!message.html.contains("<a href=\"https://bad"));
        assert!(!message.subject.contains(['\r', '\n']));
    }
}
