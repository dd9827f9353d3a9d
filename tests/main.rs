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
mod eligibility;

mod evaluation {
    mod assignments;
    mod rankings;
    mod scores;
}

mod lists {
    mod views;
}

mod proposals {
    mod attachments;
    mod drafts;
    mod letters;
    mod submission;
}

mod jobs;
mod notifications;
