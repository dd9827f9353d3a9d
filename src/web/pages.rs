//! The router of the pages: it remembers every route, so that tests can ask each of them as the wrong person.

use poem::{Endpoint, IntoEndpoint, IntoResponse, Route, RouteMethod, http::Method};
use std::collections::BTreeMap;

/// Pages being collected, feature by feature.
#[derive(Default)]
pub struct Pages {
    routes: BTreeMap<String, RouteMethod>,
    lines: Vec<RouteLine>,
}

/// One route, as the contract tests list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteLine {
    pub method: &'static str,
    pub path: String,
}

impl Pages {
    #[must_use]
    pub fn get<E>(self, path: &str, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
        <E::Endpoint as Endpoint>::Output: IntoResponse,
    {
        self.add(Method::GET, "GET", path, endpoint)
    }

    #[must_use]
    pub fn post<E>(self, path: &str, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
        <E::Endpoint as Endpoint>::Output: IntoResponse,
    {
        self.add(Method::POST, "POST", path, endpoint)
    }

    fn add<E>(mut self, method: Method, name: &'static str, path: &str, endpoint: E) -> Self
    where
        E: IntoEndpoint,
        E::Endpoint: 'static,
        <E::Endpoint as Endpoint>::Output: IntoResponse,
    {
        let methods = self.routes.remove(path).unwrap_or_default();
        self.routes.insert(path.to_owned(), methods.method(method, endpoint.into_endpoint()));
        self.lines.push(RouteLine { method: name, path: path.to_owned() });
        self
    }

    /// Every route there is.
    pub fn lines(&self) -> &[RouteLine] {
        &self.lines
    }

    pub fn into_route(self) -> Route {
        self.routes.into_iter().fold(Route::new(), |route, (path, methods)| route.at(path, methods))
    }
}
