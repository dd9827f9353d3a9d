//! The terms as a flat list of values people can read, each with a name that outlives reordering.

use super::judging;
use entity::types::{
    period,
    terms::{
        AnnexTerms, CallTerms, ColumnKind, Criterion, KpiUnit, Named, Question, QuestionKind, Section, SectionScope,
        Signers, TieBreak,
    },
};

/// One value of the terms.
pub(super) struct Fact {
    /// Path by keys instead of positions; equal in both versions for the same thing.
    pub key: String,
    /// JSON pointer.
    pub at: String,
    pub label: String,
    pub text: String,
}

#[derive(Default)]
pub(super) struct Facts(Vec<Fact>);

impl Facts {
    pub(super) fn into_list(self) -> Vec<Fact> {
        self.0
    }

    pub(super) fn say(
        &mut self,
        key: impl Into<String>,
        at: impl Into<String>,
        label: impl Into<String>,
        text: impl ToString,
    ) {
        let text = text.to_string();
        if !text.is_empty() {
            self.0.push(Fact { key: key.into(), at: at.into(), label: label.into(), text });
        }
    }

    fn say_option(&mut self, key: &str, at: &str, label: &str, text: Option<impl ToString>) {
        if let Some(text) = text {
            self.say(key, at, label, text);
        }
    }

    fn named(&mut self, field: &str, at: &str, what: &str, list: &[Named]) {
        for (i, named) in list.iter().enumerate() {
            self.say(format!("{field}/{}", named.key), format!("{at}/{i}"), what, &named.label);
        }
    }
}

pub(super) fn of_call(terms: &CallTerms) -> Vec<Fact> {
    let mut facts = Facts::default();
    facts.say("title", "/call/title", "Title", &terms.title);
    facts.say("programme", "/call/programme", "Programme", &terms.programme);
    facts.say("summary", "/call/summary", "Summary", &terms.summary);
    facts.say("text", "/call/text", "Call text", &terms.text);
    let opens = terms.opens_at.map(|at| period::in_zone(at, terms.zone));
    facts.say_option("opens_at", "/call/opens_at", "Opens", opens);
    facts.say("zone", "/call/zone", "Time zone", terms.zone.name());
    facts.say("currency", "/call/currency", "Currency", terms.currency);
    facts.say("duration/min", "/call/duration/min", "Shortest duration in months", terms.duration.min);
    facts.say("duration/max", "/call/duration/max", "Longest duration in months", terms.duration.max);
    for (i, m) in terms.timeline.iter().enumerate() {
        let place = m.place.as_ref().map(|p| format!(", {p}")).unwrap_or_default();
        let key = format!("timeline/{}/{}", m.label, terms.timeline[..i].iter().filter(|o| o.label == m.label).count());
        let zone = m.zone.map(|z| format!(" ({})", z.name())).unwrap_or_default();
        let text = format!("{}{zone}{place}", m.date);
        facts.say(key, format!("/call/timeline/{i}"), format!("Timeline: {}", m.label), text);
    }
    for (i, section) in terms.sections.iter().enumerate() {
        section_facts(&format!("/call/sections/{i}"), section, &mut facts);
    }
    for (i, criterion) in terms.criteria.iter().enumerate() {
        criterion_facts(&format!("/call/criteria/{i}"), criterion, &mut facts);
    }
    evaluation(terms, &mut facts);
    facts.named("activities", "/call/activities", "Activity", &terms.activities);
    facts.named("cost_categories", "/call/cost_categories", "Cost category", &terms.cost_categories);
    facts.named("declarations", "/call/declarations", "Declaration", &terms.declarations);
    lists(terms, &mut facts);
    facts.0
}

pub(super) fn of_annex(annex: &AnnexTerms) -> Vec<Fact> {
    let mut facts = Facts::default();
    facts.say("class", "/class", "Class", annex.class.label());
    facts.say("text", "/text", "Text of the annex", &annex.text);
    facts.say("currency", "/currency", "Currency", annex.currency);
    facts.say("rate", "/rate", "Exchange rate", annex.rate);
    facts.say_option("rate_on", "/rate_on", "Day of the exchange rate", annex.rate_on.map(period::day));
    facts.say_option("budget", "/budget", "Budget", annex.budget);
    facts.say_option("floor", "/floor", "Smallest grant", annex.floor);
    facts.say_option("ceiling", "/ceiling", "Greatest grant", annex.ceiling);
    facts.say("intensity", "/intensity", "Greatest share of the costs", annex.intensity);
    facts.say_option(
        "private_share_min",
        "/private_share_min",
        "Smallest share of companies in the other contribution",
        annex.private_share_min,
    );
    for (i, key) in annex.activities.iter().enumerate() {
        facts.say(format!("activities/{key}"), format!("/activities/{i}"), "Supported activity", key);
    }
    facts.say("min_smes", "/min_smes", "Smallest number of SMEs", annex.min_smes);
    facts.say_option("label", "/label", "Cluster label", annex.label.map(|l| l.label()));
    facts.say("deadline", "/deadline", "Deadline", annex.deadline);
    for (i, question) in annex.questions.iter().enumerate() {
        question_facts("questions", &format!("/questions/{i}"), question, &mut facts);
    }
    facts.0
}

/// Pointers to every value of a call's terms that people read.
#[cfg(test)]
pub fn places_of_call(terms: &CallTerms) -> Vec<String> {
    of_call(terms).into_iter().map(|fact| fact.at).collect()
}

/// Pointers to every value of an annex that people read.
#[cfg(test)]
pub fn places_of_annex(annex: &AnnexTerms) -> Vec<String> {
    of_annex(annex).into_iter().map(|fact| fact.at).collect()
}

fn section_facts(at: &str, section: &Section, facts: &mut Facts) {
    let key = format!("sections/{}", section.key);
    let name = format!("Section “{}”", section.title);
    facts.say(format!("{key}/title"), format!("{at}/title"), "Title of a section", &section.title);
    facts.say(format!("{key}/guidance"), format!("{at}/guidance"), format!("{name}: guidance"), &section.guidance);
    facts.say(format!("{key}/scope"), format!("{at}/scope"), format!("{name}: answered"), scope(section.scope));
    for (i, question) in section.questions.iter().enumerate() {
        question_facts(&key, &format!("{at}/questions/{i}"), question, facts);
    }
}

fn question_facts(list: &str, at: &str, question: &Question, facts: &mut Facts) {
    let key = format!("{list}/{}", question.key);
    let name = format!("Question “{}”", question.label);
    facts.say(format!("{key}/label"), format!("{at}/label"), "Question", &question.label);
    facts.say(format!("{key}/guidance"), format!("{at}/guidance"), format!("{name}: guidance"), &question.guidance);
    let must = if question.required { "required" } else { "optional" };
    facts.say(format!("{key}/required"), format!("{at}/required"), format!("{name}: answer"), must);
    facts.say(format!("{key}/kind"), format!("{at}/kind"), format!("{name}: kind of answer"), kind(&question.kind));
    if let Some(condition) = &question.show_if {
        let text = format!("only if “{}” is {}", condition.question, condition.is.join(" or "));
        facts.say(format!("{key}/show_if"), format!("{at}/show_if"), format!("{name}: shown"), text);
    }
}

/// The kind of an answer and its limits in words.
pub fn kind(kind: &QuestionKind) -> String {
    let bounds = |min: Option<String>, max: Option<String>| {
        let from = min.map(|m| format!(", from {m}")).unwrap_or_default();
        let to = max.map(|m| format!(", to {m}")).unwrap_or_default();
        format!("{from}{to}")
    };
    let labels = |options: &[Named]| options.iter().map(|o| o.label.as_str()).collect::<Vec<_>>().join("; ");
    match kind {
        QuestionKind::Line { max_chars } => format!("one line of at most {max_chars} characters"),
        QuestionKind::Text { max_words } => format!("text of at most {max_words} words"),
        QuestionKind::Number { decimals, min, max, unit } => {
            let unit = if unit.is_empty() { String::new() } else { format!(" in {unit}") };
            let limits = bounds(min.map(|m| m.to_string()), max.map(|m| m.to_string()));
            format!("number{unit} with {decimals} decimals{limits}")
        }
        QuestionKind::Money { currency } => format!("amount in {currency}"),
        QuestionKind::Date { earliest, latest } => {
            format!("date{}", bounds(earliest.map(period::day), latest.map(period::day)))
        }
        QuestionKind::YesNo => "yes or no".to_owned(),
        QuestionKind::Choice { options } => format!("one of: {}", labels(options)),
        QuestionKind::Choices { options, min, max } => {
            let most = max.map(|m| format!(", at most {m}")).unwrap_or_default();
            format!("several (at least {min}{most}) of: {}", labels(options))
        }
        QuestionKind::Country { several: false } => "a country".to_owned(),
        QuestionKind::Country { several: true } => "countries".to_owned(),
        QuestionKind::Table { columns, min_rows, max_rows } => {
            let columns: Vec<String> = columns
                .iter()
                .map(|c| {
                    let kind = match c.kind {
                        ColumnKind::Text => "text",
                        ColumnKind::Number => "number",
                        ColumnKind::Date => "date",
                        ColumnKind::Country => "country",
                    };
                    format!("{} ({kind}{})", c.label, if c.required { ", required" } else { "" })
                })
                .collect();
            format!("table of {min_rows} to {max_rows} rows: {}", columns.join("; "))
        }
        QuestionKind::File { max_mb } => format!("file of at most {max_mb} megabytes"),
    }
}

fn criterion_facts(at: &str, criterion: &Criterion, facts: &mut Facts) {
    let key = format!("criteria/{}", criterion.key);
    let name = format!("Criterion “{}”", criterion.name);
    facts.say(format!("{key}/name"), format!("{at}/name"), "Criterion", &criterion.name);
    facts.say(format!("{key}/weight"), format!("{at}/weight"), format!("{name}: weight"), criterion.weight);
    let label = format!("{name}: threshold");
    facts.say_option(&format!("{key}/threshold"), &format!("{at}/threshold"), &label, criterion.threshold);
    facts.say(format!("{key}/guidance"), format!("{at}/guidance"), format!("{name}: guidance"), &criterion.guidance);
    for (i, anchor) in criterion.anchors.iter().enumerate() {
        let label = format!("{name}: {} points", anchor.points);
        facts.say(format!("{key}/anchors/{}", anchor.points), format!("{at}/anchors/{i}"), label, &anchor.text);
    }
    for (i, sub) in criterion.sub_criteria.iter().enumerate() {
        let text = if sub.guidance.is_empty() { sub.name.clone() } else { format!("{}: {}", sub.name, sub.guidance) };
        let label = format!("{name}: part {}", i + 1);
        facts.say(format!("{key}/sub_criteria/{}", sub.key), format!("{at}/sub_criteria/{i}"), label, text);
    }
}

fn evaluation(terms: &CallTerms, facts: &mut Facts) {
    let (at, rules) = ("/call/evaluation", &terms.evaluation);
    let scale = format!("{} to {} in steps of {}", rules.scale.min, rules.scale.max, rules.scale.step);
    facts.say("evaluation/scale", format!("{at}/scale"), "Scale of points", scale);
    let overall = format!("{at}/threshold_overall");
    facts.say_option("evaluation/threshold_overall", &overall, "Threshold of the total", rules.threshold_overall);
    let evaluators = format!("{at}/evaluators_per_proposal");
    facts.say("evaluation/evaluators", evaluators, "Evaluators per proposal", rules.evaluators_per_proposal);
    let words = format!("{at}/min_comment_words");
    facts.say("evaluation/words", words, "Shortest comment in words", rules.min_comment_words);
    let ties: Vec<String> = rules.tie_rule.iter().map(|tie| tie_text(tie, terms)).collect();
    facts.say("evaluation/tie_rule", format!("{at}/tie_rule"), "Between equal totals", ties.join("; then "));
    judging::facts(terms, facts);
}

/// One step of a tie rule in words.
pub fn tie_text(tie: &TieBreak, terms: &CallTerms) -> String {
    match tie {
        TieBreak::Criterion { key } => {
            let name = terms.criteria.iter().find(|c| c.key == *key).map_or(key.as_str(), |c| c.name.as_str());
            format!("the higher mean for “{name}”")
        }
        TieBreak::Countries => "the greater number of countries".to_owned(),
        TieBreak::Smes => "the greater number of SMEs".to_owned(),
        TieBreak::SmeShare => "the greater share of SMEs among all who take part".to_owned(),
        TieBreak::EarlierAwards => "the fewer awards its applicants got in earlier calls".to_owned(),
        TieBreak::Spread => "the smaller spread between evaluators".to_owned(),
        TieBreak::Submitted => "the earlier submission".to_owned(),
    }
}

fn lists(terms: &CallTerms, facts: &mut Facts) {
    for (i, d) in terms.documents.iter().enumerate() {
        let must = if d.required { "required" } else { "optional" };
        let from = d.each.map(|each| format!(", {}", signers(each))).unwrap_or_default();
        let text = format!("{} ({must}, {}{from}, at most {} MB)", d.label, scope(d.scope), d.max_mb);
        facts.say(format!("documents/{}", d.key), format!("/call/documents/{i}"), "Document", text);
    }
    for (i, k) in terms.kpis.iter().enumerate() {
        let unit = match k.unit {
            KpiUnit::Count => "number",
            KpiUnit::Percent => "percent",
            KpiUnit::Money => "money",
        };
        let benchmark = k.benchmark.map(|b| format!(", earlier calls: {b}")).unwrap_or_default();
        let text = format!("{} ({unit}{benchmark})", k.label);
        facts.say(format!("kpis/{}", k.key), format!("/call/kpis/{i}"), "Indicator", text);
    }
    for (i, r) in terms.reports.iter().enumerate() {
        let due = r.at_month.map_or_else(|| "at the end".to_owned(), |m| format!("after {m} months"));
        let key = format!("reports/{}/{}", r.kind, terms.reports[..i].iter().filter(|o| o.kind == r.kind).count());
        facts.say(key, format!("/call/reports/{i}"), r.label.clone(), due);
    }
    let at = "/call/consortium";
    let rules = &terms.consortium;
    facts.say("consortium/parts", format!("{at}/min_parts"), "Smallest number of parts", rules.min_parts);
    facts.say(
        "consortium/countries",
        format!("{at}/min_countries"),
        "Smallest number of countries",
        rules.min_countries,
    );
    let paying = format!("{at}/min_funding_countries");
    facts.say("consortium/paying", paying, "Smallest number of paying countries", rules.min_funding_countries);
    let guests = rules.guests.as_deref();
    facts.say_option("consortium/guests", &format!("{at}/guests"), "Partners without a part stand in", guests);
    let commitments = if rules.company_commitments { "each company says what it brings" } else { "" };
    let label = "What companies bring";
    facts.say("consortium/commitments", format!("{at}/company_commitments"), label, commitments);
    for (i, rule) in rules.rules.iter().enumerate() {
        facts.say(format!("consortium/rules/{i}"), format!("{at}/rules/{i}"), format!("Rule {}", i + 1), rule);
    }
}

/// From whom a document comes, in words.
pub fn signers(each: Signers) -> &'static str {
    match each {
        Signers::ForeignPartner => "one from each partner from another country",
        Signers::Company => "one from each company that takes part",
    }
}

fn scope(scope: SectionScope) -> &'static str {
    match scope {
        SectionScope::Joint => "once for the proposal",
        SectionScope::Part => "once for each part",
    }
}
