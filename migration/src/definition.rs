//! A table, written down column by column the same way everywhere.

use sea_orm_migration::{prelude::*, sea_query::ForeignKeyAction};

/// A table being described; every call adds a column, and [`key`](Self::key), [`unique`](Self::unique)
/// and [`null`](Self::null) speak of the column before them.
pub struct Definition {
    name: &'static str,
    table: TableCreateStatement,
    column: Option<ColumnDef>,
    nullable: bool,
    keys: Vec<&'static str>,
    last: &'static str,
    indexes: Vec<(&'static [&'static str], bool)>,
}

impl Definition {
    pub fn new(name: &'static str) -> Self {
        let table = Table::create().table(Alias::new(name)).to_owned();
        Self { name, table, column: None, nullable: false, keys: Vec::new(), last: "", indexes: Vec::new() }
    }

    fn add(mut self, name: &'static str, column: ColumnDef) -> Self {
        self.settle();
        self.last = name;
        self.column = Some(column);
        self
    }

    fn settle(&mut self) {
        if let Some(mut column) = self.column.take() {
            if !self.nullable {
                column.not_null();
            }
            self.table.col(column);
        }
        self.nullable = false;
    }

    pub fn id(self, name: &'static str) -> Self {
        self.add(name, ColumnDef::new(Alias::new(name)).uuid().to_owned())
    }

    /// A reference to another table's `id`, and what happens when that row goes.
    pub fn reference(mut self, name: &'static str, table: &'static str, on_delete: ForeignKeyAction) -> Self {
        let mut key = ForeignKey::create()
            .name(format!("fk_{}_{name}", self.name))
            .from(Alias::new(self.name), Alias::new(name))
            .to(Alias::new(table), Alias::new("id"))
            .on_delete(on_delete)
            .to_owned();
        self.table.foreign_key(&mut key);
        self.id(name)
    }

    pub fn line(self, name: &'static str, length: u32) -> Self {
        self.add(name, ColumnDef::new(Alias::new(name)).string_len(length).to_owned())
    }

    pub fn text(self, name: &'static str) -> Self {
        self.add(name, ColumnDef::new(Alias::new(name)).string().to_owned())
    }

    pub fn prose(self, name: &'static str) -> Self {
        self.add(name, ColumnDef::new(Alias::new(name)).text().to_owned())
    }

    pub fn at(self, name: &'static str) -> Self {
        self.add(name, ColumnDef::new(Alias::new(name)).timestamp_with_time_zone().to_owned())
    }

    pub fn day(self, name: &'static str) -> Self {
        self.add(name, ColumnDef::new(Alias::new(name)).date().to_owned())
    }

    pub fn big(self, name: &'static str) -> Self {
        self.add(name, ColumnDef::new(Alias::new(name)).big_integer().to_owned())
    }

    pub fn int(self, name: &'static str) -> Self {
        self.add(name, ColumnDef::new(Alias::new(name)).integer().to_owned())
    }

    pub fn flag(self, name: &'static str) -> Self {
        self.add(name, ColumnDef::new(Alias::new(name)).boolean().to_owned())
    }

    pub fn json(self, name: &'static str) -> Self {
        self.add(name, ColumnDef::new(Alias::new(name)).json_binary().to_owned())
    }

    /// A column that holds one of these words only.
    pub fn word(self, name: &'static str, length: u32, words: &[&str]) -> Self {
        let check = Expr::col(Alias::new(name)).is_in(words.iter().copied());
        self.add(name, ColumnDef::new(Alias::new(name)).string_len(length).check(check).to_owned())
    }

    pub fn key(mut self) -> Self {
        self.keys.push(self.last);
        self
    }

    pub fn unique(mut self) -> Self {
        if let Some(column) = &mut self.column {
            column.unique_key();
        }
        self
    }

    pub fn null(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// These columns together are unique.
    pub fn together(mut self, columns: &'static [&'static str]) -> Self {
        self.indexes.push((columns, true));
        self
    }

    pub fn index(mut self, columns: &'static [&'static str]) -> Self {
        self.indexes.push((columns, false));
        self
    }

    /// # Errors
    /// What the database refuses.
    pub async fn create(mut self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        self.settle();
        let mut key = Index::create().to_owned();
        for column in &self.keys {
            key.col(Alias::new(*column));
        }
        self.table.primary_key(&mut key);
        manager.create_table(self.table).await?;
        for (columns, unique) in self.indexes {
            let kind = if unique { "one" } else { "ix" };
            let mut index = Index::create()
                .name(format!("{kind}_{}_{}", self.name, columns.join("_")))
                .table(Alias::new(self.name))
                .to_owned();
            for column in columns {
                index.col(Alias::new(*column));
            }
            if unique {
                index.unique();
            }
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
