//! Which application answers: one when serving, one for each stage of the call in the demo.

use super::frame::{Choice, DemoBar};
use crate::kernel::App;
use poem::Request;
use std::sync::Arc;

/// The cookie and the header by which a visitor of the demo chooses a stage.
pub const STAGE: &str = "fairway_stage";
pub const STAGE_HEADER: &str = "x-fairway-stage";

/// One application, or several side by side in the demo.
#[derive(Clone)]
pub struct Worlds {
    apps: Arc<Vec<World>>,
    /// The people a visitor of the demo can be: e-mail and description.
    people: Arc<Vec<Choice>>,
}

/// One stage of the demo, or the only application.
#[derive(Clone)]
pub struct World {
    pub key: String,
    pub label: String,
    pub app: App,
}

impl Worlds {
    pub fn one(app: App) -> Self {
        let world = World { key: String::new(), label: String::new(), app };
        Self { apps: Arc::new(vec![world]), people: Arc::new(Vec::new()) }
    }

    /// The stages of a demo, the default one first.
    pub fn demo(stages: Vec<World>, people: Vec<Choice>) -> Self {
        Self { apps: Arc::new(stages), people: Arc::new(people) }
    }

    pub fn is_demo(&self) -> bool {
        !self.people.is_empty()
    }

    /// Whether a visitor of the demo can be this person.
    pub fn offers(&self, email: &str) -> bool {
        !email.is_empty() && self.people.iter().any(|person| person.value == email)
    }

    pub fn all(&self) -> &[World] {
        &self.apps
    }

    /// The world a request speaks to: by header, by cookie, or the first one.
    pub fn of(&self, request: &Request) -> Option<&World> {
        let header = request.headers().get(STAGE_HEADER).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let cookie = || request.cookie().get(STAGE).map(|c| c.value_str().to_owned());
        let wanted = header.or_else(cookie);
        self.apps.iter().find(|world| Some(&world.key) == wanted.as_ref()).or(self.apps.first())
    }

    pub fn by_key(&self, key: &str) -> Option<&World> {
        self.apps.iter().find(|world| world.key == key)
    }

    /// The bar above every page of the demo.
    pub fn bar(&self, world: &World, email: &str) -> Option<DemoBar> {
        self.is_demo().then(|| DemoBar {
            stage: world.key.clone(),
            person: email.to_owned(),
            stages: self.apps.iter().map(|w| Choice::new(&w.key, &w.label)).collect(),
            people: self.people.as_ref().clone(),
        })
    }
}
