//! The built style sheet, script and fonts, carried in the binary.

use std::borrow::Cow;

include!(concat!(env!("OUT_DIR"), "/names.rs"));

/// The file of this name (the part of the address after `/assets/`) and its content type.
pub fn find(path: &str) -> Option<(Cow<'static, [u8]>, &'static str)> {
    let (name, content) = FILES.iter().find(|(name, _)| *name == path)?;
    Some((Cow::Borrowed(*content), content_type(name)))
}

/// Whether the name carries the digest of the content, so that it may be cached for ever.
pub fn immutable(path: &str) -> bool {
    !matches!(path, "licences.txt" | "favicon.svg")
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, end)| end) {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "woff2" => "font/woff2",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheet_and_script_are_found_by_the_names_the_pages_use() {
        for (address, kind) in [(APP_CSS, "text/css"), (APP_JS, "text/javascript")] {
            let name = address.strip_prefix("/assets/").unwrap();
            let (content, found) = find(name).unwrap();
            assert!(found.starts_with(kind));
            assert!(!content.is_empty());
        }
        assert!(find("licences.txt").is_some());
        assert!(find("../names.rs").is_none());
    }

    #[test]
    fn nothing_is_fetched_from_elsewhere() {
        let (css, _) = find(APP_CSS.trim_start_matches("/assets/")).unwrap();
        let css = String::from_utf8_lossy(&css).replace("http://www.w3.org", "").replace("http%3A%2F%2Fwww.w3.org", "");
        assert!(!css.contains("http://") && !css.contains("https://"));
    }
}
