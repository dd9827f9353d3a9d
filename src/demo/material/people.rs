//! Names that fit their country, and addresses nobody has.

use super::{Person, chance::Chance};
use entity::types::country::Country;
use std::collections::BTreeSet;

/// Given names of women, their family names, given names of men, their family names.
type Names = [&'static [&'static str]; 4];

const DE_FAMILY: &[&str] = &[
    "Bauer", "Brandt", "Eberle", "Fischer", "Gerber", "Haas", "Hofmann", "Keller", "Kraus", "Lang", "Maurer",
    "Pfeiffer", "Reuter", "Schwarz", "Seidel", "Stoll", "Vogt", "Winkler",
];
const DK_FAMILY: &[&str] = &[
    "Andersen",
    "Bech",
    "Christensen",
    "Dam",
    "Frandsen",
    "Holm",
    "Iversen",
    "Kjær",
    "Lauridsen",
    "Madsen",
    "Nygaard",
    "Olesen",
    "Poulsen",
    "Ravn",
    "Skov",
    "Thomsen",
    "Vestergaard",
];
const ES_FAMILY: &[&str] = &[
    "Alonso", "Benítez", "Castro", "Delgado", "Fuentes", "Garrido", "Herrera", "Iglesias", "Lozano", "Marín",
    "Navarro", "Ortega", "Rivas", "Soler", "Vidal",
];
const NO_FAMILY: &[&str] = &[
    "Aasen",
    "Berge",
    "Dahl",
    "Eide",
    "Fjeld",
    "Gran",
    "Haugen",
    "Lunde",
    "Moen",
    "Nilsen",
    "Rønning",
    "Solberg",
    "Strand",
    "Tangen",
    "Vik",
    "Ødegård",
];
const SE_FAMILY: &[&str] = &[
    "Ahlström",
    "Berglund",
    "Claesson",
    "Dahlgren",
    "Ekman",
    "Forsberg",
    "Hedlund",
    "Isaksson",
    "Lindqvist",
    "Nyström",
    "Sandberg",
    "Sjögren",
    "Söderlund",
    "Wallin",
    "Åkesson",
    "Öberg",
];
const OTHER_FAMILY: &[&str] =
    &["Aalto", "Berger", "Claes", "Dekker", "Fontaine", "Gunnarsson", "Kask", "Laine", "Novák", "Steiner", "Vermeer"];

fn names(country: &str) -> Names {
    match country {
        "DE" => [
            &["Annette", "Birgit", "Carolin", "Eva", "Franziska", "Heike", "Johanna", "Katrin", "Miriam", "Sabine"],
            DE_FAMILY,
            &["Andreas", "Benedikt", "Christoph", "Daniel", "Florian", "Jens", "Markus", "Matthias", "Stefan", "Uwe"],
            DE_FAMILY,
        ],
        "DK" => [
            &["Anne", "Birthe", "Camilla", "Ditte", "Gitte", "Ida", "Karen", "Louise", "Mette", "Signe"],
            DK_FAMILY,
            &["Anders", "Bo", "Casper", "Frederik", "Henrik", "Jesper", "Kasper", "Lars", "Mads", "Søren"],
            DK_FAMILY,
        ],
        "ES" => [
            &["Ana", "Carmen", "Elena", "Irene", "Lucía", "Marta", "Nuria", "Pilar"],
            ES_FAMILY,
            &["Álvaro", "Diego", "Ignacio", "Javier", "Luis", "Miguel", "Pablo", "Rafael"],
            ES_FAMILY,
        ],
        "LT" => [
            &["Aistė", "Daiva", "Eglė", "Giedrė", "Ieva", "Jurgita", "Rasa", "Rūta", "Vaida"],
            &[
                "Balčiūnienė",
                "Jankauskienė",
                "Kazlauskaitė",
                "Mockutė",
                "Petrauskienė",
                "Rimkutė",
                "Stankutė",
                "Žukaitė",
            ],
            &["Andrius", "Darius", "Gintaras", "Jonas", "Linas", "Mantas", "Tomas", "Vytautas"],
            &["Balčiūnas", "Jankauskas", "Kazlauskas", "Mockus", "Petrauskas", "Rimkus", "Stankus", "Žukas"],
        ],
        "LV" => [
            &["Agnese", "Anita", "Dace", "Evija", "Ilze", "Kristīne", "Līga", "Sanita"],
            &["Bērziņa", "Eglīte", "Jansone", "Kalniņa", "Liepa", "Ozola", "Priede", "Zariņa"],
            &["Andris", "Edgars", "Gatis", "Ivars", "Jānis", "Kaspars", "Māris", "Normunds"],
            &["Bērziņš", "Eglītis", "Jansons", "Kalniņš", "Liepiņš", "Ozols", "Priedītis", "Zariņš"],
        ],
        "NO" => [
            &["Astrid", "Berit", "Elin", "Guro", "Hilde", "Ingrid", "Kari", "Marit", "Solveig", "Tone"],
            NO_FAMILY,
            &["Bjørn", "Eirik", "Geir", "Håkon", "Jostein", "Knut", "Magnus", "Odd", "Sverre", "Trond"],
            NO_FAMILY,
        ],
        "PL" => [
            &["Agnieszka", "Barbara", "Dorota", "Ewa", "Joanna", "Magdalena", "Monika", "Zofia"],
            &["Dąbrowska", "Górska", "Jasińska", "Kamińska", "Lewandowska", "Nowicka", "Sikorska", "Zielińska"],
            &["Adam", "Grzegorz", "Jacek", "Krzysztof", "Maciej", "Paweł", "Tomasz", "Wojciech"],
            &["Dąbrowski", "Górski", "Jasiński", "Kamiński", "Lewandowski", "Nowicki", "Sikorski", "Zieliński"],
        ],
        "SE" => [
            &["Agneta", "Birgitta", "Emma", "Frida", "Helena", "Karin", "Linnéa", "Malin", "Sofia", "Ulrika"],
            SE_FAMILY,
            &["Anders", "Björn", "Erik", "Fredrik", "Gustav", "Johan", "Mattias", "Niklas", "Oskar", "Per"],
            SE_FAMILY,
        ],
        _ => [
            &["Anna", "Clara", "Elisabeth", "Johanna", "Maria", "Sophie"],
            OTHER_FAMILY,
            &["Jan", "Lukas", "Martin", "Paul", "Peter", "Thomas"],
            OTHER_FAMILY,
        ],
    }
}

/// Makes up people, none with another's name.
#[derive(Default)]
pub(super) struct People {
    taken: BTreeSet<String>,
}

impl People {
    /// Somebody of this country who works where this web name belongs.
    pub fn meet(&mut self, chance: &mut Chance, country: Country, host: &str) -> Person {
        let [women, womens_families, men, mens_families] = names(country.code());
        let mut last = (String::new(), String::new());
        for _ in 0..200 {
            let (given, families) = if chance.happens(50) { (women, womens_families) } else { (men, mens_families) };
            last = (chance.pick(given).to_owned(), chance.pick(families).to_owned());
            if self.taken.insert(format!("{} {}", last.0, last.1)) {
                break;
            }
        }
        person(&last.0, &last.1, host)
    }

    /// Somebody with a given name.
    pub fn known(&mut self, given: &str, family: &str, host: &str) -> Person {
        self.taken.insert(format!("{given} {family}"));
        person(given, family, host)
    }
}

fn person(given: &str, family: &str, host: &str) -> Person {
    let email = format!("{}.{}@{host}", slug(given), slug(family));
    Person { given: given.to_owned(), family: family.to_owned(), email }
}

/// A name as it stands in an address: plain letters, digits and dashes.
pub(super) fn slug(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        match plain(letter) {
            "" if !out.ends_with('-') && !out.is_empty() => out.push('-'),
            "" => {}
            plain => out.push_str(plain),
        }
    }
    out.trim_end_matches('-').to_owned()
}

fn plain(letter: char) -> &'static str {
    const ASCII: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
    if let Some(at) = ASCII.find(letter) {
        return &ASCII[at..=at];
    }
    match letter {
        'á' | 'à' | 'ã' | 'ą' | 'ā' => "a",
        'ä' | 'æ' => "ae",
        'å' => "aa",
        'č' | 'ć' | 'ç' => "c",
        'é' | 'è' | 'ė' | 'ę' | 'ē' => "e",
        'ģ' => "g",
        'í' | 'ī' | 'į' => "i",
        'ķ' => "k",
        'ł' | 'ļ' => "l",
        'ñ' | 'ń' | 'ņ' => "n",
        'ó' => "o",
        'ö' | 'ø' => "oe",
        'š' | 'ś' => "s",
        'ß' => "ss",
        'ú' | 'ū' | 'ų' => "u",
        'ü' => "ue",
        'ž' | 'ź' | 'ż' => "z",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_plain_letters_only() {
        assert_eq!(slug("Søren Kjær"), "soeren-kjaer");
        assert_eq!(slug("Clúster Urbano / Málaga (ES)"), "cluster-urbano-malaga-es");
        assert_eq!(slug("Žukaitė"), "zukaite");
    }
}
