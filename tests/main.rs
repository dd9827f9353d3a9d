//! Every test of the platform in one program.

#[macro_use]
mod support;

mod architecture;

mod contracts {
    mod data_classes;
    mod licences;
    mod openapi;
    mod paths;
    mod permissions;
    mod routes;
    mod schema;
    mod snapshots;
    mod tables;
    mod world;
}

mod accounts {
    mod sessions;
}

mod documents {
    mod files;
}

mod calls {
    mod archive;
    mod public;
    mod publishing;
}
mod demo;
mod eligibility;

mod lists {
    mod views;
}

mod proposals {
    mod drafts;
    mod submission;
}

mod jobs;
mod notifications;
