//! A made-up call with conflicts planted in it: who has which tie to whom is known, so that what is found and what is
//! found wrongly can be counted.

use chrono::NaiveDate;
use fairway::evaluation::conflicts::rules::{
    Contact, Employment, Kind, Link, Organisation, Past, Person, Proposal, Rule, Seat,
};
use std::collections::{BTreeMap, BTreeSet};

/// How a conflict was planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plant {
    EmployerUnderAnotherName,
    SecondMail,
    Subsidiary,
    ClusterBoard,
    PastProject,
}

impl Plant {
    pub const ALL: [Self; 5] =
        [Self::EmployerUnderAnotherName, Self::SecondMail, Self::Subsidiary, Self::ClusterBoard, Self::PastProject];

    /// The kinds of finding that show it.
    pub fn kinds(self) -> &'static [Kind] {
        match self {
            Self::EmployerUnderAnotherName => &[Kind::Employer],
            Self::SecondMail => &[Kind::MailDomain, Kind::SamePerson],
            Self::Subsidiary => &[Kind::Ownership],
            Self::ClusterBoard => &[Kind::ClusterBoard],
            Self::PastProject => &[Kind::PastProposal],
        }
    }
}

/// A call whose conflicts are known.
pub struct World {
    pub organisations: Vec<Organisation>,
    pub links: Vec<Link>,
    pub past: Vec<Past>,
    pub evaluators: Vec<Person>,
    pub proposals: Vec<Proposal>,
    /// Evaluator, organisation, how, and what was written.
    pub planted: Vec<(usize, usize, Plant, String)>,
    /// All organisations an evaluator is tied to.
    pub truth: BTreeMap<usize, BTreeSet<usize>>,
}

const PARTIES: usize = 5;

const BEGINNINGS: [&str; 40] = [
    "Nord", "Syd", "Øst", "Vest", "Bal", "Skan", "Fjord", "Berg", "Lind", "Stål", "Grøn", "Sol", "Havn", "Strand",
    "Møl", "Kuld", "Pohja", "Žal", "Jūr", "Dzin", "Ēr", "Küst", "Früh", "Groß", "Łód", "Śląs", "Gdań", "Hel", "Tam",
    "Tur", "Väs", "Göt", "Öre", "Upp", "Troll", "Rav", "Ulv", "Bjørn", "Ørn", "Laks",
];

const ENDINGS: [&str; 30] = [
    "vik", "dal", "holm", "borg", "gaard", "sund", "nes", "by", "feld", "heim", "mann", "stedt", "inen", "järvi",
    "mäki", "la", "saar", "metsa", "pils", "kalns", "upė", "miestas", "owo", "ice", "nik", "land", "vang", "rud",
    "tor", "mark",
];

const FIELDS: [&str; 24] = [
    "Energi",
    "Marine",
    "Technology",
    "Foods",
    "Design",
    "Robotics",
    "Health",
    "Logistics",
    "Wood",
    "Software",
    "Biotech",
    "Aqua",
    "Steel",
    "Textil",
    "Mobility",
    "Sensors",
    "Plast",
    "Diagnostics",
    "Maritime Systems",
    "Clean Water",
    "Circular Materials",
    "Digital Services",
    "Wind Blades",
    "Smart Packaging",
];

const FORMS: [(&str, &str); 10] = [
    ("DE", "GmbH"),
    ("SE", "AB"),
    ("FI", "Oy"),
    ("DK", "A/S"),
    ("DK", "ApS"),
    ("LT", "UAB"),
    ("LV", "SIA"),
    ("EE", "OÜ"),
    ("PL", "Sp. z o.o."),
    ("NO", "AS"),
];

const GIVEN: [&str; 40] = [
    "Eva",
    "Ole",
    "Mette",
    "Lars",
    "Anna",
    "Jonas",
    "Kari",
    "Liis",
    "Jānis",
    "Ona",
    "Piotr",
    "Katarzyna",
    "Jürgen",
    "Sabine",
    "Mika",
    "Aino",
    "Sven",
    "Ingrid",
    "Rasmus",
    "Freja",
    "Tomas",
    "Rūta",
    "Andrius",
    "Ilze",
    "Marek",
    "Zofia",
    "Heikki",
    "Päivi",
    "Björn",
    "Åsa",
    "Henrik",
    "Sofie",
    "Uwe",
    "Anke",
    "Kadri",
    "Toomas",
    "Egil",
    "Solveig",
    "Juris",
    "Dace",
];

const FAMILY: [&str; 30] = [
    "Jensen",
    "Nielsen",
    "Hansen",
    "Andersson",
    "Lindqvist",
    "Korhonen",
    "Virtanen",
    "Müller",
    "Schmidt",
    "Weber",
    "Kowalski",
    "Nowak",
    "Kazlauskas",
    "Petrauskienė",
    "Bērziņš",
    "Ozola",
    "Tamm",
    "Saar",
    "Olsen",
    "Berge",
    "Holm",
    "Sørensen",
    "Bergström",
    "Mäkinen",
    "Wójcik",
    "Kalniņš",
    "Rebane",
    "Dahl",
    "Fischer",
    "Krüger",
];

/// The day of the check.
pub fn rule() -> Rule {
    Rule::usual(NaiveDate::from_ymd_opt(2026, 11, 24).expect("a day"))
}

/// A call of so many proposals with five parties each and so many evaluators; of each kind so many plants.
pub fn world(proposals: usize, evaluators: usize, plants: usize, seed: u64) -> World {
    let mut chance = Chance(seed);
    let count = proposals * PARTIES / 2 + 60;
    // Two of one name in one call would be a true find of the wrong one.
    let mut taken = BTreeSet::new();
    let mut organisations: Vec<Organisation> = (0..count).map(|at| organisation(at, &mut taken, &mut chance)).collect();
    for one in &mut organisations {
        // A few hundred clusters at most: 60 with names that have initials.
        one.clusters = vec![cluster(chance.below(60))];
    }
    let applicants = proposals * PARTIES / 2;
    let people: Vec<Person> = (0..evaluators).map(|at| person(at, &mut chance)).collect();
    let call = (0..proposals).map(|_| {
        let parties: Vec<usize> = (0..PARTIES).map(|_| chance.below(applicants)).collect();
        Proposal { people: vec![contact(&mut chance, "consult-and-write.eu")], parties }
    });
    let proposals: Vec<Proposal> = call.collect();
    let mut world = World {
        organisations,
        links: Vec::new(),
        past: Vec::new(),
        evaluators: people,
        proposals,
        planted: Vec::new(),
        truth: BTreeMap::new(),
    };
    for number in 0..plants * Plant::ALL.len() {
        let party = world.proposals[chance.below(world.proposals.len())].parties[chance.below(PARTIES)];
        let evaluator = chance.below(evaluators);
        world.plant(Plant::ALL[number % Plant::ALL.len()], number, evaluator, party, &mut chance);
    }
    world
}

impl World {
    fn plant(&mut self, plant: Plant, number: usize, evaluator: usize, party: usize, chance: &mut Chance) {
        let mut tied = BTreeSet::from([party]);
        let organisation = self.organisations[party].clone();
        let country = organisation.country.clone();
        let written = match plant {
            Plant::EmployerUnderAnotherName => {
                let name = other_name(&organisation, number / Plant::ALL.len());
                let work = Employment { name: name.clone(), country, ..Employment::default() };
                self.evaluators[evaluator].employers.push(work);
                name
            }
            Plant::SecondMail => {
                let email = match number / Plant::ALL.len() % 3 {
                    0 => format!("e{evaluator}@{}", organisation.domains[0]),
                    1 => format!("e{evaluator}@lab.{}", organisation.domains[0].to_uppercase()),
                    _ => {
                        let email = format!("private.{number}@gmail.com");
                        let contact = Contact { email: Some(email.clone()), ..contact(chance, "x.example") };
                        self.organisations[party].people.push(contact);
                        format!("Private{number}+calls@googlemail.com")
                    }
                };
                self.evaluators[evaluator].emails.push(email.clone());
                email
            }
            Plant::Subsidiary => {
                // The employer owns the party, directly or through another one that nobody names.
                let parent = self.add(&format!("Beteiligung{number}"), &country);
                let mut owner = parent;
                for step in 0..number / Plant::ALL.len() % 3 {
                    let next = self.add(&format!("Zwischen{number}x{step}"), &country);
                    self.links.push(Link { owner, owned: next, share: Some(7_500) });
                    tied.insert(next);
                    owner = next;
                }
                self.links.push(Link { owner, owned: party, share: Some(5_100) });
                tied.insert(parent);
                let name = self.organisations[parent].names[0].clone();
                self.evaluators[evaluator].employers.push(Employment {
                    name: name.clone(),
                    country,
                    ..Employment::default()
                });
                name
            }
            Plant::ClusterBoard => {
                let full = organisation.clusters[0].clone();
                let name = match number / Plant::ALL.len() % 3 {
                    0 => full.clone(),
                    1 => full.to_uppercase(),
                    _ => full.split(' ').rev().collect::<Vec<_>>().join(" "),
                };
                self.evaluators[evaluator].seats.push(Seat { name: name.clone(), ..Seat::default() });
                let members = self.organisations.iter().enumerate().filter(|(_, one)| one.clusters.contains(&full));
                tied.extend(members.map(|(place, _)| place));
                name
            }
            Plant::PastProject => {
                let person = &self.evaluators[evaluator];
                let by_mail = (number / Plant::ALL.len()).is_multiple_of(2);
                let email = by_mail.then(|| person.emails[0].to_uppercase());
                let name = if by_mail { "E. B.".to_owned() } else { person.names[0].to_uppercase() };
                self.past.push(Past {
                    code: format!("FW-{number}"),
                    on: NaiveDate::from_ymd_opt(2023, 5, 1),
                    organisations: vec![party],
                    people: vec![Contact { name, email, address: None }],
                });
                format!("FW-{number}")
            }
        };
        self.truth.entry(evaluator).or_default().extend(tied);
        self.planted.push((evaluator, party, plant, written));
    }

    fn add(&mut self, name: &str, country: &Option<String>) -> usize {
        let names = vec![format!("{name} Verwaltung")];
        self.organisations.push(Organisation { names, country: country.clone(), ..Organisation::default() });
        self.organisations.len() - 1
    }
}

/// The name as somebody else would write it.
fn other_name(organisation: &Organisation, variant: usize) -> String {
    let full = &organisation.names[0];
    let bare = FORMS.iter().find_map(|(_, form)| full.strip_suffix(&format!(" {form}"))).unwrap_or(full);
    let plain = fold(bare);
    match variant % 9 {
        0 => bare.to_owned(),
        1 => format!("{} Limited", bare.to_uppercase()),
        2 => plain,
        3 => bare.split(' ').rev().collect::<Vec<_>>().join(" "),
        4 => bare.replace(' ', "-"),
        5 => {
            // Two letters of the longest word change places.
            let longest = bare.split(' ').max_by_key(|word| word.chars().count()).unwrap_or(bare);
            let mut letters: Vec<char> = longest.chars().collect();
            if let Some(at) = (1..letters.len() - 1).find(|at| letters[*at] != letters[at + 1]) {
                letters.swap(at, at + 1);
            }
            bare.replace(longest, &letters.into_iter().collect::<String>())
        }
        6 => format!("{bare} Group"),
        7 => format!("Research unit ({full})"),
        _ => organisation.names[1].to_uppercase(),
    }
}

/// Both spellings people use for letters their keyboard lacks.
fn fold(text: &str) -> String {
    let pairs = [("ø", "oe"), ("Ø", "Oe"), ("å", "aa"), ("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ž", "z")];
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn organisation(at: usize, taken: &mut BTreeSet<String>, chance: &mut Chance) -> Organisation {
    let (country, form) = FORMS[chance.below(FORMS.len())];
    let mut new = || loop {
        let word = format!("{}{}", pick(&BEGINNINGS, chance), pick(&ENDINGS, chance));
        // The third word comes when a call needs more names than two words give.
        let third = if taken.len() < 10_000 { String::new() } else { format!(" {}", pick(&ENDINGS, chance)) };
        let name = format!("{word}{third} {}", pick(&FIELDS, chance));
        if taken.insert(name.clone()) {
            return name;
        }
    };
    let (name, trade) = (format!("{} {form}", new()), new());
    let domain = format!("org{at}.example");
    Organisation {
        names: vec![name, trade],
        numbers: vec![format!("{country}{}", 10_000_000 + at)],
        people: vec![contact(chance, &domain)],
        domains: vec![domain],
        country: Some(country.into()),
        clusters: Vec::new(),
    }
}

fn person(at: usize, chance: &mut Chance) -> Person {
    let (country, form) = FORMS[chance.below(FORMS.len())];
    let word = format!("{}{}", pick(&BEGINNINGS, chance), pick(&ENDINGS, chance));
    // Nobody of these works for an applicant: their fields are others, of universities and offices.
    let fields = ["University", "Patent Office", "Consulting Engineers", "Institute", "Advisers", "Ventures"];
    let name = format!("{word} {} {form}", pick(&fields, chance));
    Person {
        names: vec![format!("{} {} {}", pick(&GIVEN, chance), pick(&GIVEN, chance), pick(&FAMILY, chance))],
        emails: vec![format!("e{at}@home{at}.example"), format!("evaluator{at}@gmail.com")],
        employers: vec![Employment { name, country: Some(country.into()), ..Employment::default() }],
        countries: vec![country.into()],
        ..Person::default()
    }
}

fn contact(chance: &mut Chance, domain: &str) -> Contact {
    let name = format!("{} {} {}", pick(&GIVEN, chance), pick(&GIVEN, chance), pick(&FAMILY, chance));
    Contact { name, email: Some(format!("c{}@{domain}", chance.below(1_000_000))), address: None }
}

/// Sixty clusters with four words each.
fn cluster(number: usize) -> String {
    let places = ["Baltic", "Oresund", "Arctic", "Kattegat", "Pomeranian", "Bothnian"];
    format!("{} {} Innovation Cluster", places[number % places.len()], FIELDS[number / places.len()])
}

fn pick<'w>(words: &[&'w str], chance: &mut Chance) -> &'w str {
    words[chance.below(words.len())]
}

/// A linear congruential generator (Knuth's MMIX constants): the same world in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % end as u64) as usize
    }
}
