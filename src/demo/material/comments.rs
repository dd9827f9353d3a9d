//! What evaluators write: two or three sentences on the criterion, in the tone of the points.

use super::{
    DemoProposal,
    chance::{Chance, fill, listed},
};

/// Openings and reasons for one criterion, each for weak, fair and strong points.
struct Voice {
    criterion: &'static str,
    openings: [[&'static str; 3]; 3],
    reasons: [[&'static str; 3]; 3],
}

/// A comment that fits the points.
pub(super) fn comment(chance: &mut Chance, criterion: &str, points: i64, proposal: &DemoProposal) -> String {
    let band = match points {
        ..300 => 0,
        300..400 => 1,
        _ => 2,
    };
    let Some(voice) = VOICES.iter().find(|v| v.criterion == criterion) else { return String::new() };
    let words = words(proposal);
    let words: Vec<(&str, &str)> = words.iter().map(|(gap, word)| (*gap, word.as_str())).collect();
    let text = format!("{} {}", chance.pick(&voice.openings[band]), chance.pick(&voice.reasons[band]));
    fill(&text, &words)
}

/// The judgement as a whole, for the applicants, and a note for staff.
pub(super) fn overall(chance: &mut Chance, mean: i64, proposal: &DemoProposal) -> (String, String) {
    let text = match mean {
        ..300 => chance.pick(&[
            "There is an idea worth having in {acronym}, but the proposal does not yet show who needs it and what will be different afterwards. A smaller plan with named companies would convince more.",
            "{acronym} promises more than its plan can hold. I would advise the partners to concentrate on one activity and to show the needs of the companies with figures.",
        ]),
        300..400 => chance.pick(&[
            "{acronym} is a sound proposal with a useful aim. It would gain from clearer milestones and from a stronger answer to the question what the companies do on the day after.",
            "A solid project that does what the call asks for. Some passages stay general, and the partners could use each other's strengths more than they plan to.",
        ]),
        _ => chance.pick(&[
            "{acronym} is one of the best proposals I have read in this call: needs, partners and plan fit together, and the follow-up has an owner.",
            "A convincing project. The companies are named, their wishes are known, and the partners from {countries} complete each other.",
        ]),
    };
    let note = chance.pick(&[
        "",
        "",
        "I have met one of the partners at a conference; no further contact.",
        "I was between two steps on several criteria and took the lower one.",
    ]);
    let words = words(proposal);
    let words: Vec<(&str, &str)> = words.iter().map(|(gap, word)| (*gap, word.as_str())).collect();
    (fill(text, &words), note.to_owned())
}

fn words(proposal: &DemoProposal) -> [(&'static str, String); 4] {
    let companies: usize = proposal.parts.iter().map(|p| p.companies.len()).sum();
    let mut countries: Vec<String> = Vec::new();
    for name in proposal.parts.iter().filter_map(|p| p.companies.first()).map(|c| c.country.name().to_owned()) {
        if !countries.contains(&name) {
            countries.push(name);
        }
    }
    [
        ("acronym", proposal.acronym.clone()),
        ("companies", companies.to_string()),
        ("countries", listed(&countries)),
        ("parts", proposal.parts.len().to_string()),
    ]
}

const VOICES: [Voice; 6] = [
    Voice {
        criterion: "c1",
        openings: [
            [
                "The benefit for the companies stays vague.",
                "What the {companies} companies gain is hard to see.",
                "Companies are named, but their needs are asserted rather than shown.",
            ],
            [
                "A useful package for the {companies} companies named.",
                "The companies will learn something they can use.",
                "The needs are described and most of them are answered.",
            ],
            [
                "The benefit for the companies is convincing.",
                "The {companies} companies know why they take part.",
                "Needs are shown with a survey and answered one by one.",
            ],
        ],
        reasons: [
            [
                "The text speaks of contacts and visibility, yet it does not say which partner or order a company can expect, nor how anybody would notice.",
                "The survey is mentioned without its results, and the activities would fit almost any group of firms in the region.",
                "There is no time for follow-up with single firms, so that contacts made on the trips will probably be lost again.",
            ],
            [
                "Follow-up with each firm is foreseen but short, and it remains open how the results reach companies that cannot travel.",
                "The targets are plausible, although the share of firms expected to sign contracts seems high for a project of this length.",
                "More about the firms that will host visits would have helped to judge how much they really gain.",
            ],
            [
                "Activities are tailored to what firms asked for, groups are small, and coaching after every visit makes it likely that contacts turn into offers.",
                "Each firm has written what it brings and expects; the figures for meetings and follow-up fit the number of firms and the money.",
                "The combination of tests with real products and personal follow-up is exactly what earlier projects have shown to work.",
            ],
        ],
    },
    Voice {
        criterion: "c2",
        openings: [
            [
                "For the cluster organisations little will remain.",
                "The clusters administer the project rather than gain from it.",
                "I do not see what the clusters can do better afterwards.",
            ],
            [
                "The clusters gain a partner they do not have today.",
                "A fair benefit for the cluster organisations.",
                "The organisations learn from each other in useful ways.",
            ],
            [
                "The clusters will clearly be stronger afterwards.",
                "A lasting gain for the organisations from {countries}.",
                "The exchange between cluster managers is planned very well.",
            ],
        ],
        reasons: [
            [
                "A joint strategy is announced in one sentence, without goals, persons or dates, and new services for members are not mentioned at all.",
                "Meetings of managers are planned, but nothing says which method or service is to be taken over from the partner.",
                "Both organisations have done similar projects before, and the proposal does not explain what is new this time.",
            ],
            [
                "A common list of partners is a good start, though it remains open who will keep it alive when the money has ended.",
                "The exchange of staff is a good idea; the service that should grow out of it could be described more precisely.",
                "The joint strategy has goals, but they are those of each organisation side by side rather than shared ones.",
            ],
            [
                "Two services are described with price and user, the boards take part, and the exchange of staff for two weeks will create real trust.",
                "The strategy names goals, people and dates, and the organisations agree to be measured by them after the project.",
                "What one organisation can do the other lacks, and the plan says step by step how it will be passed on.",
            ],
        ],
    },
    Voice {
        criterion: "c3",
        openings: [
            [
                "The fields stand side by side without meeting.",
                "The shared challenge is very broad.",
                "Complementary strengths are claimed rather than explained.",
            ],
            [
                "The fields complete each other in principle.",
                "A shared challenge is described, if in general terms.",
                "The link between the fields is plausible.",
            ],
            [
                "The combination of fields is the strength of {acronym}.",
                "A precise challenge that needs all {parts} partners.",
                "The cross-sectoral idea is excellent.",
            ],
        ],
        reasons: [
            [
                "Firms of the same kind from different countries meet, which may be pleasant, but no task is described that needs both.",
                "One would like to read an example of a product or service in which knowledge from both sides comes together.",
                "The text repeats the wording of the call and does not say where exactly the knowledge of one side ends.",
            ],
            [
                "Mixed teams are planned, although their tasks are still to be found; two examples in the annex show that it can work.",
                "It is clear what each side knows, less clear how firms with so different customers will find time for each other.",
                "The challenge is real and shared, but a narrower one would have made it easier to choose the right firms.",
            ],
            [
                "Each field has its task, the examples are concrete, and it is easy to see why neither side has solved the problem alone.",
                "The rule that no team may come from one field only is simple and will force the exchange that others only announce.",
                "Customers have named the problem themselves, and the proposal shows with two cases how the fields solve it together.",
            ],
        ],
    },
    Voice {
        criterion: "c4",
        openings: [
            [
                "The partnership is not balanced.",
                "The partners abroad have no clear task.",
                "The transnational side is weak.",
            ],
            [
                "A good partnership with partners from {countries}.",
                "The partners abroad have a role of their own.",
                "The partnership is adequate for the aims.",
            ],
            [
                "A strong partnership across borders.",
                "The partners from {countries} work on equal terms.",
                "The transnational quality is very good.",
            ],
        ],
        reasons: [
            [
                "Nearly all activities take place in one country, and the letters of the others say little more than that they are interested.",
                "Firms travel in one direction only, and the budget of the second partner would hardly pay for the hosting it is to do.",
                "It is not explained why these regions were chosen and what the region around the Baltic Sea gains from them.",
            ],
            [
                "Every partner hosts one activity and has signed; the division of the coaching between the countries could be fairer.",
                "The partners know each other from a matchmaking event, and the plan gives them enough time to get to work together.",
                "Roles are clear and the region fits the call, although most decisions seem to be taken by the coordinator.",
            ],
            [
                "Tasks, money and visits are spread evenly, all letters are specific, and the partners have already planned this proposal together.",
                "Partners of the Baltic Sea region bring what the others lack, and each of them answers for one result that all need.",
                "Firms travel in both directions, the follow-up is organised in every country, and the region as a whole will profit.",
            ],
        ],
    },
    Voice {
        criterion: "c5",
        openings: [
            [
                "The work plan is a list of events.",
                "Resources and activities do not fit together.",
                "The plan needs more thought.",
            ],
            [
                "A workable plan with adequate resources.",
                "Activities, months and money fit in the main.",
                "The plan is clear enough to start.",
            ],
            [
                "A very good work plan.",
                "The plan could start tomorrow.",
                "Activities, people and money are in proportion.",
            ],
        ],
        reasons: [
            [
                "Milestones are dates rather than results, the costs of external experts are not explained, and risks are copied from elsewhere.",
                "Too much happens in the first four months, and nobody is named for the tests on which everything else depends.",
                "The staff planned for the preparation of visits would be busy with administration alone, judging by the budget lines.",
            ],
            [
                "Milestones can be checked; the risk that firms lose interest is seen, but the answer to it is rather short.",
                "The costs are reasonable and explained, even if travel seems low for the number of visits that are announced.",
                "People with experience are named, and the order of the activities makes sense; one buffer month would be wise.",
            ],
            [
                "Every milestone has something to show, costs follow from the activities, and the answers to the risks are practical.",
                "Experienced people are named, second windows are planned for tests, and the money is used where firms feel it.",
                "The plan leaves time for preparation and follow-up, which many others forget, and the costs are easy to understand.",
            ],
        ],
    },
    Voice {
        criterion: "c6",
        openings: [
            [
                "Nothing convincing is said about the time afterwards.",
                "Follow-up is left to good will.",
                "The continuation is weak.",
            ],
            [
                "A next step is named.",
                "The follow-up is credible in part.",
                "The partners have thought about the day after.",
            ],
            [
                "The follow-up is excellent.",
                "The continuation has an owner and a date.",
                "What comes after the project is already prepared.",
            ],
        ],
        reasons: [
            [
                "The partners wish to stay in touch and to look for funding, but there is no goal, no person and no month.",
                "A later research project is mentioned without saying which result it would build on or who would lead the application.",
                "Firms are not asked again after the end, so nobody will know whether contacts have become anything more.",
            ],
            [
                "An owner is named for the next application, though its funding is uncertain and the role of the firms in it remains open.",
                "The closing meeting with a plan for each firm is a good idea, and time for coaching could be a little longer.",
                "The intention to continue is shared by all partners; a date on which they decide would have made it stronger.",
            ],
            [
                "Next goals, the source of money and the responsible persons are named, and firms will be asked again half a year later.",
                "The last quarter belongs to follow-up and coaching, which is what the evaluation of earlier calls has asked for.",
                "Partners outside the project have agreed to join the next step, and the first date for it is already fixed.",
            ],
        ],
    },
];
