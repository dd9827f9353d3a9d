//! What a mail address or a website says about an employer.

/// Mail services and networks everybody may use, which say nothing about an employer.
const PUBLIC: &str = "
    aol.com bluewin.ch centrum.lv delfi.lt duck.com email.com facebook.com fastmail.com freemail.hu freenet.de
    gmail.com gmx.at gmx.ch gmx.com gmx.de gmx.net google.com googlemail.com hey.com hot.ee hotmail.com
    hotmail.de hotmail.dk hotmail.fi hotmail.no hotmail.se icloud.com inbox.lt inbox.lv instagram.com interia.pl
    kolumbus.fi linkedin.com live.com live.dk live.no live.se mac.com mail.com mail.dk mail.ee mailbox.org
    me.com msn.com o2.pl onet.eu onet.pl online.no op.pl outlook.com outlook.de outlook.dk pm.me post.cz
    posteo.de proton.me protonmail.com rocketmail.com saunalahti.fi seznam.cz stofanet.dk suomi24.fi t-online.de
    telia.com tuta.com tutanota.com web.de wp.pl yahoo.co.uk yahoo.com yahoo.de yahoo.se yandex.com zoho.com
";

/// Places where everybody may have a website: each name below them is somebody else's.
const SHARED: &str = "
    ac.uk azurewebsites.net blogspot.com co.uk com.pl edu.pl github.io gov.pl gov.uk myshopify.com net.pl org.pl
    org.uk squarespace.com waw.pl weebly.com wixsite.com wordpress.com
";

/// The host of an address, a website or a bare domain: lower case, without `www.`, port and path.
pub fn domain(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let rest = text.rsplit_once('@').map_or(text.as_str(), |(_, domain)| domain);
    let rest = rest.split_once("://").map_or(rest, |(_, rest)| rest);
    let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default().trim_matches('.');
    host.strip_prefix("www.").unwrap_or(host).to_owned()
}

/// Whether everybody may have an address there.
pub fn is_public(domain: &str) -> bool {
    PUBLIC.split_whitespace().any(|public| public == domain)
}

fn is_shared(domain: &str) -> bool {
    SHARED.split_whitespace().any(|shared| shared == domain)
}

/// The part of a domain that one owner registered: `wind.dk` of `lab.wind.dk`, `x.co.uk` of `mail.x.co.uk`.
/// None for public mail, for shared places themselves and for what is no domain.
pub fn registrable(domain: &str) -> Option<String> {
    let labels: Vec<&str> = domain.split('.').collect();
    if labels.last().is_none_or(|last| last.chars().all(|c| c.is_ascii_digit())) {
        return None;
    }
    let own = (1..labels.len()).rev().map(|from| labels[from..].join(".")).take_while(|end| {
        // One more label than the end that is everybody's.
        !end.contains('.') || is_shared(end)
    });
    let taken = own.last()?.split('.').count() + 1;
    let name = labels[labels.len().checked_sub(taken)?..].join(".");
    (!is_public(&name) && !is_shared(&name) && labels.iter().all(|label| !label.is_empty())).then_some(name)
}

/// An address such that the same mailbox is the same text: lower case, without a tag after `+`; dots mean nothing
/// before `gmail.com`.
pub fn address(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let (local, host) = text.rsplit_once('@')?;
    let local = local.split('+').next().unwrap_or_default();
    let host = if host == "googlemail.com" { "gmail.com" } else { host };
    let local = if host == "gmail.com" { local.replace('.', "") } else { local.to_owned() };
    (!local.is_empty() && host.contains('.')).then(|| format!("{local}@{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_owner_of_a_domain_is_found() {
        assert_eq!(registrable(&domain("https://www.Lab.Wind.dk:443/x?y")), Some("wind.dk".into()));
        assert_eq!(registrable("mail.x.co.uk"), Some("x.co.uk".into()));
        assert_eq!(registrable("one.wixsite.com"), Some("one.wixsite.com".into()));
        assert_eq!(registrable("www.facebook.com"), None);
        for nothing in ["gmail.com", "co.uk", "dk", "", "a..dk", "192.0.2.7"] {
            assert_eq!(registrable(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn one_mailbox_is_one_address() {
        assert_eq!(address("Eva.Berg+calls@GoogleMail.com"), address("evaberg@gmail.com"));
        assert_ne!(address("eva.berg@wind.dk"), address("evaberg@wind.dk"));
        assert_eq!(address("nobody"), None);
    }
}
