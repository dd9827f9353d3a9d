//! The people of the demo: staff with invented names, and the people of the material.

use super::material::{Material, Person};
use crate::{
    kernel::secret::{self, Chance},
    web::frame::Choice,
};
use entity::types::{ids::AccountId, states::Role};
use serde::{Deserialize, Serialize};

/// Everybody's password in the demo.
pub const PASSWORD: &str = "fair winds and following seas";

/// The known project whose people are in the cast.
pub const PROJECT: &str = "MATCHLNG";

/// Staff: what they are, their role, their name, their address, their agency.
const STAFF: [(&str, Role, &str, &str, Option<&str>); 22] = [
    ("Administrator", Role::Administrator, "Astrid Falk", "astrid.falk@fairway.example", None),
    ("Joint secretariat", Role::Secretariat, "Olaf Berg", "olaf.berg@secretariat.example", None),
    ("Panel chair", Role::PanelChair, "Hélène Marchand", "helene.marchand@panel.example", None),
    ("Auditor", Role::Auditor, "Viktor Hansen", "viktor.hansen@audit.example", None),
    ("Agency officer, Lithuania", Role::AgencyOfficer, "Lina Kazlauskaite", "lina@lt-mita.example", Some("lt-mita")),
    ("Second officer, Lithuania", Role::AgencyOfficer, "Tomas Petrauskas", "tomas@lt-mita.example", Some("lt-mita")),
    ("Reporting officer, Lithuania", Role::ReportingOfficer, "Daiva Sabaite", "daiva@lt-mita.example", Some("lt-mita")),
    ("Agency officer, Baden-Württemberg", Role::AgencyOfficer, "Petra Vogel", "petra@de-bw.example", Some("de-bw")),
    ("Second officer, Baden-Württemberg", Role::AgencyOfficer, "Jonas Keller", "jonas@de-bw.example", Some("de-bw")),
    ("Agency officer, Norway", Role::AgencyOfficer, "Ingrid Dahl", "ingrid@no-in.example", Some("no-in")),
    ("Second officer, Norway", Role::AgencyOfficer, "Lars Moen", "lars@no-in.example", Some("no-in")),
    ("Agency officer, Denmark", Role::AgencyOfficer, "Mette Holm", "mette@dk-sfu.example", Some("dk-sfu")),
    ("Second officer, Denmark", Role::AgencyOfficer, "Anders Bach", "anders@dk-sfu.example", Some("dk-sfu")),
    ("Agency officer, Sweden", Role::AgencyOfficer, "Karin Lund", "karin@se-vinnova.example", Some("se-vinnova")),
    ("Second officer, Sweden", Role::AgencyOfficer, "Erik Nyberg", "erik@se-vinnova.example", Some("se-vinnova")),
    ("Agency officer, Latvia", Role::AgencyOfficer, "Ilze Ozola", "ilze@lv-liaa.example", Some("lv-liaa")),
    ("Second officer, Latvia", Role::AgencyOfficer, "Janis Berzins", "janis@lv-liaa.example", Some("lv-liaa")),
    ("Agency officer, Poland", Role::AgencyOfficer, "Anna Nowak", "anna@pl-partner.example", Some("pl-partner")),
    ("Second officer, Poland", Role::AgencyOfficer, "Piotr Zielinski", "piotr@pl-partner.example", Some("pl-partner")),
    ("Agency officer, Spain", Role::AgencyOfficer, "Lucia Ramos", "lucia@es-partner.example", Some("es-partner")),
    ("Second officer, Spain", Role::AgencyOfficer, "Pablo Ortega", "pablo@es-partner.example", Some("es-partner")),
    ("Secretariat, second person", Role::Secretariat, "Marit Lie", "marit.lie@secretariat.example", None),
];

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// What the person is, in words.
    pub title: String,
    pub name: String,
    pub email: String,
    pub organisation: Option<String>,
    /// A role, and the key of the agency it is given for.
    pub role: Option<(Role, Option<&'static str>)>,
    /// Whether the bar above every page offers this person.
    pub leading: bool,
    pub api_token: String,
}

impl Member {
    /// The account's id, the same in all stages.
    pub fn id(&self) -> AccountId {
        account(&self.email)
    }
}

/// The account of an address.
pub fn account(email: &str) -> AccountId {
    super::load::ids::id(&format!("account {email}"))
}

/// The first or second officer of an agency.
pub fn officer(agency: &str, second: bool) -> Option<&'static str> {
    let mut here = STAFF.iter().filter(|(_, role, .., key)| *role == Role::AgencyOfficer && *key == Some(agency));
    here.nth(usize::from(second)).map(|(.., email, _)| *email)
}

/// The address of the first person with a role for the whole platform.
pub fn staff(role: Role) -> &'static str {
    STAFF.iter().find(|(_, r, ..)| *r == role).map_or("", |(.., email, _)| *email)
}

/// A line of `demo-accounts.json`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccountLine {
    pub role: String,
    pub name: String,
    pub email: String,
    pub password: String,
    pub api_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
    /// Whether the bar offers this person.
    #[serde(default)]
    pub leading: bool,
}

impl AccountLine {
    /// The line of a member.
    pub fn of(member: &Member) -> Self {
        Self {
            role: member.title.clone(),
            name: member.name.clone(),
            email: member.email.clone(),
            password: PASSWORD.to_owned(),
            api_token: member.api_token.clone(),
            organisation: member.organisation.clone(),
            leading: member.leading,
        }
    }
}

/// The people the bar offers: nobody first, then those who lead the story.
pub fn choices(lines: &[AccountLine]) -> Vec<Choice> {
    let somebody = |line: &AccountLine| Choice::new(&line.email, format!("{} ({})", line.role, line.name));
    let nobody = Choice::new("", "A visitor who is not signed in");
    std::iter::once(nobody).chain(lines.iter().filter(|line| line.leading).map(somebody)).collect()
}

/// Everybody with an account, those of the bar first.
pub fn members(material: &Material, chance: &dyn Chance) -> Vec<Member> {
    let mut all: Vec<Member> = STAFF
        .iter()
        .enumerate()
        .map(|(i, (title, role, name, email, agency))| Member {
            title: (*title).to_owned(),
            name: (*name).to_owned(),
            email: (*email).to_owned(),
            organisation: agency.map(str::to_owned),
            role: Some((*role, *agency)),
            leading: i < 15,
            api_token: String::new(),
        })
        .collect();
    let made = |title: String, person: &Person, organisation: &str, leading: bool| Member {
        title,
        name: person.name(),
        email: person.email.clone(),
        organisation: Some(organisation.to_owned()),
        role: None,
        leading,
        api_token: String::new(),
    };
    for (i, one) in material.evaluators.iter().enumerate() {
        all.push(made(format!("Evaluator {}", i + 1), &one.person, &one.organisation, i < 3));
    }
    for proposal in &material.proposals {
        for (i, part) in proposal.parts.iter().enumerate() {
            let cluster = &material.clusters[part.cluster];
            let what = if i == 0 { "Coordinator" } else { "Partner" };
            let title = format!("{what} of {}, {}", proposal.acronym, cluster.country.name());
            let leading =
                proposal.acronym == PROJECT || (proposal.acronym == "FOODPACK" && cluster.country.code() == "SE");
            all.push(made(title, &cluster.manager, &cluster.name, leading));
            if proposal.acronym == PROJECT
                && i == 0
                && let Some(company) = part.companies.first()
            {
                all.push(made("Manager of an SME, Lithuania".to_owned(), &company.contact, &company.name, true));
            }
        }
    }
    all.sort_by_key(|member| !member.leading);
    for member in &mut all {
        member.api_token = secret::token(chance);
    }
    all
}
