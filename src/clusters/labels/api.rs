//! Labels of clusters for programs.

use super::{
    commands::{AttachCertificate, MOST, RecordLabel},
    queries::{LabelsOf, MayRecordLabel},
};
use crate::{
    api::{ApiError, Asked, ByPath, Caller, Tag},
    documents::files::commands::receive,
    kernel::{App, AppError},
};
use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::{
    Multipart, Object, OpenApi,
    param::{Header, Path},
    payload::Json,
    types::multipart::Upload,
};
use uuid::Uuid;

pub struct LabelsApi;

#[derive(Object)]
struct LabelsOut {
    items: Vec<LabelOut>,
}

#[derive(Object)]
struct LabelOut {
    id: Uuid,
    /// One of bronze, silver, gold.
    level: String,
    awarded_on: NaiveDate,
    valid_until: NaiveDate,
    valid: bool,
    /// The last day it can be renewed, when it is in its window.
    renewable_until: Option<NaiveDate>,
    renewal: bool,
    /// The certificate's file, if you may read it; its content is at `/files/{file}/content`.
    certificate: Option<Uuid>,
}

#[derive(Object)]
struct LabelIn {
    /// One of bronze, silver, gold. Example: bronze
    level: String,
    /// The day of the interview or award. Example: 2017-08-15
    awarded_on: String,
}

#[derive(Object)]
struct LabelIdOut {
    id: Uuid,
}

#[derive(Object)]
struct CertificateOut {
    file: Uuid,
}

#[derive(Multipart)]
struct CertificateIn {
    certificate: Upload,
}

impl ByPath for MayRecordLabel {
    fn by_path(id: Uuid) -> Self {
        Self(id.into())
    }
}

#[OpenApi(tag = "Tag::Clusters")]
impl LabelsApi {
    /// The labels of a cluster, latest first.
    #[oai(path = "/clusters/:cluster/labels", method = "get", operation_id = "listLabels")]
    async fn list(&self, app: Data<&App>, caller: Caller, cluster: Path<Uuid>) -> Result<Json<LabelsOut>, ApiError> {
        let view = app.ask(&caller.0, LabelsOf(cluster.0.into())).await?;
        let items = view.labels.into_iter().map(|label| LabelOut {
            id: label.id.0,
            level: label.level.word().to_owned(),
            awarded_on: label.awarded_on,
            valid_until: label.valid_until,
            valid: label.valid,
            renewable_until: label.renewable_until,
            renewal: label.renewal,
            certificate: label.certificate.map(|file| file.0),
        });
        Ok(Json(LabelsOut { items: items.collect() }))
    }

    /// Record a label: the first one, or the renewal of the last one in its window.
    #[oai(path = "/clusters/:cluster/labels", method = "post", operation_id = "recordLabel")]
    async fn record(
        &self,
        app: Data<&App>,
        caller: Caller,
        cluster: Path<Uuid>,
        #[oai(name = "Idempotency-Key")] key: Header<Option<String>>,
        body: Json<LabelIn>,
    ) -> Result<Json<LabelIdOut>, ApiError> {
        let LabelIn { level, awarded_on } = body.0;
        let record = RecordLabel { cluster: cluster.0.into(), level, awarded_on, certificate: None };
        let id = app.run_once(&caller.0, key.0.as_deref(), record).await?;
        Ok(Json(LabelIdOut { id: id.0 }))
    }

    /// Add the certificate of a label; an earlier one is taken away.
    #[oai(path = "/clusters/:cluster/labels/:label/certificate", method = "put", operation_id = "putLabelCertificate")]
    async fn certify(
        &self,
        app: Data<&App>,
        caller: Caller,
        _asked: Asked<MayRecordLabel>,
        cluster: Path<Uuid>,
        label: Path<Uuid>,
        body: CertificateIn,
    ) -> Result<Json<CertificateOut>, ApiError> {
        let name = body.certificate.file_name().unwrap_or_default().to_owned();
        let bytes = body.certificate.into_vec().await;
        let bytes = bytes.map_err(|e| AppError::refused("upload_broken", e.to_string()))?;
        let file = receive(app.store(), &name, &bytes, MOST).await?;
        let attach = AttachCertificate { cluster: cluster.0.into(), label: label.0.into(), file };
        let file = app.run(&caller.0, attach).await?;
        Ok(Json(CertificateOut { file: file.0 }))
    }
}
