//! The services of the house in the composition: files, lists, jobs, mail, activity.

use crate::{
    audit, documents,
    jobs::{self, Registry},
    lists, notifications,
    web::Pages,
};

pub fn pages(pages: Pages) -> Pages {
    let pages = documents::files::pages::routes(pages);
    let pages = lists::views::pages::routes(pages);
    let pages = jobs::pages::routes(pages);
    let pages = notifications::pages::routes(pages);
    audit::pages::routes(pages)
}

pub fn jobs(registry: Registry) -> Registry {
    registry
        .job("notifications.digest", notifications::commands::digest)
        .job("notifications.again", notifications::commands::again)
}

pub type Apis = (
    documents::files::api::FilesApi,
    lists::views::api::ViewsApi,
    jobs::api::JobsApi,
    notifications::api::MailApi,
    audit::api::ActivityApi,
);

pub const APIS: Apis = (
    documents::files::api::FilesApi,
    lists::views::api::ViewsApi,
    jobs::api::JobsApi,
    notifications::api::MailApi,
    audit::api::ActivityApi,
);
