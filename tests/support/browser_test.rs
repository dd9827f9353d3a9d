//! The browser itself, tried on a page with one fault of every kind the tests look for.

use super::{Browser, Width};
use std::{path::Path, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

const PAGE: &str = r##"<!doctype html><html lang="en"><head><title>Budget</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<style nonce="n">.faint { color: #bbb } .wide { width: 900px } .caps { text-transform: uppercase }
td { padding: 9px } .drawn { position: absolute; opacity: 0 }</style></head><body><main>
<h1>Budget of the part</h1><p class="caps">€&nbsp;450&#8239;000 asked</p>
<noscript><p>Works without scripts</p></noscript><p id="when"></p>FAULT
<table><tr><td>Denmark</td><td><a href="/denmark">Open<span hidden> secretly</span></a></td></tr>
<tr><td>Norway</td><td><a href="/norway"><svg width="9" height="9" aria-hidden="true"></svg>Open</a></td></tr></table>
<form method="post" enctype="multipart/form-data">
<label for="t">Title <small>(optional)</small></label><input id="t" name="title" value="old words">
<label>Country <select name="country"><option>Denmark</option><option value="no">Norway</option></select></label>
<label for="d">Start</label><input id="d" type="date" name="start">
<fieldset><legend>Kind of partner</legend><label><input type="radio" name="kind" value="sme"> Small enterprise</label>
<label><input type="radio" name="kind" value="uni"> University</label></fieldset>
<input class="drawn" id="c" type="checkbox" name="true"><label for="c">Everything is true</label>
<label for="f">Letter</label><input id="f" type="file" name="letter">
<button name="do" value="save">Save <span aria-hidden="true">→</span></button></form></main>
<script nonce="n">document.querySelector("#when").textContent = "Scripts run";
setTimeout(() => document.querySelector("#when").append(" and go on"), 300)</script></body></html>"##;

/// A site that shows the page, and after a form what was sent.
async fn site(fault: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut request = Vec::new();
                let mut buffer = vec![0; 16384];
                while !whole(&request) {
                    match stream.read(&mut buffer).await {
                        Ok(read) if read > 0 => request.extend_from_slice(&buffer[..read]),
                        _ => return,
                    }
                }
                let request = String::from_utf8_lossy(&request);
                let sent =
                    request.split("\r\n\r\n").skip(1).collect::<Vec<_>>().join(" ").replace(['<', '\r', '\n'], " ");
                let first = request.lines().next().unwrap_or_default();
                let body = if first.starts_with("GET / ") {
                    PAGE.replace("FAULT", fault)
                } else {
                    format!("<!doctype html><html lang=en><title>Sent</title><main><h1>{first}</h1>{sent}</main>")
                };
                let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\
                    Set-Cookie: session=abc; HttpOnly\r\n\
                    Content-Security-Policy: default-src 'none'; script-src 'nonce-n'; style-src 'nonce-n'; img-src data:";
                let answer = format!("{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
                let _the_browser_may_have_left = stream.write_all(answer.as_bytes()).await;
            });
        }
    });
    address
}

fn whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

#[tokio::test]
async fn the_browser_opens_a_page_and_sees_an_accessibility_fault() {
    for scripts in [true, false] {
        let browser = Browser::open(Width::Desktop, scripts).await;

        browser.goto(&site(r#"<p class="faint">faint words</p><img src="data:,">"#).await).await;
        let mut faults = browser.axe().await;
        faults.sort();

        assert_eq!(faults.len(), 2, "{faults:#?}");
        assert!(faults[0].starts_with("color-contrast (serious)"), "{faults:#?}");
        assert!(faults[1].starts_with("image-alt (critical)"), "{faults:#?}");
        assert!(faults[1].contains("<img src="), "{faults:#?}");
    }
}

#[tokio::test]
async fn a_sound_page_passes_on_both_screens_and_in_the_dark() {
    for width in [Width::Desktop, Width::Phone] {
        let browser = Browser::open(width, true).await;

        browser.goto(&site("").await).await;
        browser.assert_accessible().await;
        browser.dark().await;
        browser.assert_accessible().await;

        let picture = browser.screenshot("harness").await;
        assert!(std::fs::read(picture).expect("the picture is there").starts_with(b"\x89PNG\r\n"));
        assert_eq!(browser.console_errors().await, Vec::<String>::new());
    }
}

#[tokio::test]
#[should_panic(expected = "sticks out: p.wide \"too wide\"")]
async fn a_page_that_scrolls_sideways_on_a_phone_is_a_fault() {
    let browser = Browser::open(Width::Phone, true).await;

    browser.goto(&site(r#"<p class="wide">too wide</p>"#).await).await;

    browser.assert_accessible().await;
}

#[tokio::test]
async fn a_form_is_filled_by_its_words_with_and_without_scripts() {
    for (width, scripts) in [(Width::Desktop, true), (Width::Phone, false)] {
        let browser = Browser::open(width, scripts).await;
        browser.goto(&site("").await).await;

        browser.fill("Title", "New words").await;
        browser.choose("Country", "Norway").await;
        browser.fill("Start", "2017-03-31").await;
        browser.choose("Kind of partner", "University").await;
        browser.tick("Everything is true").await;
        browser.tick("Everything is true").await;
        browser.upload("Letter", Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))).await;

        assert_eq!(browser.value("Title").await, "New words");
        assert_eq!(browser.value("Country").await, "Norway");
        assert_eq!(browser.value("Everything is true").await, "on");
        browser.untick("Everything is true").await;
        assert_eq!(browser.value("Everything is true").await, "off");
        browser.tick("Everything is true").await;

        browser.click_text("Save").await;
        browser.see("POST / HTTP").await;
        let text = browser.text().await;
        for sent in [
            "\"title\" New words",
            "\"country\" no",
            "\"start\" 2017-03-31",
            "\"kind\" uni",
            "\"true\" on",
            "Cargo.toml",
            "\"do\" save",
        ] {
            assert!(text.contains(sent), "{sent} in {text}");
        }
        browser.back().await;
        browser.see("Budget of the part").await;
    }
}

#[tokio::test]
async fn words_are_found_in_capitals_over_hard_spaces_and_after_a_while() {
    let browser = Browser::open(Width::Desktop, true).await;
    browser.goto(&site("").await).await;

    browser.see("€ 450 000 asked").await;
    browser.see("Scripts run and go on").await;
    browser.dont_see("Works without scripts").await;
    browser.within("Norway").click_text("Open").await;
    browser.see("GET /norway").await;

    assert!(browser.url().await.ends_with("/norway"));
    assert_eq!(browser.title().await, "Sent");
    assert!(browser.html().await.contains("<h1>"));
}

#[tokio::test]
async fn without_scripts_the_page_is_the_one_for_people_without_them() {
    let browser = Browser::open(Width::Desktop, false).await;

    browser.goto(&site("").await).await;

    browser.see("Works without scripts").await;
    browser.dont_see("Scripts run").await;
    browser.assert_accessible().await;
    browser.reload().await;
    browser.dont_see("Scripts run").await;
}

#[tokio::test]
async fn every_browser_has_cookies_of_its_own_and_can_lose_them() {
    let (one, two) = tokio::join!(Browser::open(Width::Desktop, true), Browser::open(Width::Desktop, true));

    one.goto(&site("").await).await;
    one.set_cookie("more", "1").await;

    assert_eq!(one.cookies().await.len(), 2);
    assert_eq!(two.cookies().await, []);
    one.forget_cookies().await;
    assert_eq!(one.cookies().await, []);
}

#[tokio::test]
async fn the_keyboard_reaches_the_form() {
    let browser = Browser::open(Width::Desktop, true).await;
    browser.goto(&site("").await).await;

    browser.press("Tab").await;
    assert_eq!(browser.focused().await, "Open");
    browser.press("Tab").await;
    browser.press("Tab").await;
    assert_eq!(browser.focused().await, "Title (optional)");
    browser.press("x").await;
    assert_eq!(browser.value("Title").await, "x");
}

#[tokio::test]
async fn breaches_of_the_content_policy_and_a_pulled_cable_are_noticed() {
    let browser = Browser::open(Width::Desktop, true).await;
    browser.time_zone("Europe/Oslo").await;
    browser.goto(&site("<script>alert(1)</script>").await).await;

    let errors = browser.console_errors().await;
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(errors[0].contains("Content Security Policy"), "{errors:#?}");
    assert_eq!(browser.script("return Intl.DateTimeFormat().resolvedOptions().timeZone").await, "Europe/Oslo");

    browser.offline(true).await;
    assert_eq!(browser.script("return navigator.onLine").await, false);
    browser.offline(false).await;
    browser.reload().await;
    browser.see("Budget").await;
}

#[tokio::test]
#[should_panic(expected = "button[submit] \"Save\"")]
async fn what_is_missing_is_reported_with_what_is_there() {
    let browser = Browser::open(Width::Desktop, true).await;
    browser.goto(&site("").await).await;

    browser.patient_for(Duration::from_millis(200)).click_text("Send").await;
}
