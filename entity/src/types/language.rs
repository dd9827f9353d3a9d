//! Languages by ISO 639-1 code.
//!
//! The list is written out because people type the everyday name ("Greek"), which the registry of ISO 639 does not
//! have, and because none of the thousands of languages without a two-letter code is meant here.

use super::BadValue;
use std::fmt;
use std::str::FromStr;

/// Every code with its name in English.
const ALL: &str = "aa Afar|ab Abkhazian|ae Avestan|af Afrikaans|ak Akan|am Amharic|an Aragonese|ar Arabic|as Assamese|\
    av Avaric|ay Aymara|az Azerbaijani|ba Bashkir|be Belarusian|bg Bulgarian|bi Bislama|bm Bambara|\
    bn Bengali|bo Tibetan|br Breton|bs Bosnian|ca Catalan|ce Chechen|ch Chamorro|co Corsican|cr Cree|\
    cs Czech|cu Church Slavic|cv Chuvash|cy Welsh|da Danish|de German|dv Divehi|dz Dzongkha|ee Ewe|el Greek|\
    en English|eo Esperanto|es Spanish|et Estonian|eu Basque|fa Persian|ff Fulah|fi Finnish|fj Fijian|\
    fo Faroese|fr French|fy Western Frisian|ga Irish|gd Gaelic|gl Galician|gn Guarani|gu Gujarati|gv Manx|\
    ha Hausa|he Hebrew|hi Hindi|ho Hiri Motu|hr Croatian|ht Haitian|hu Hungarian|hy Armenian|hz Herero|\
    ia Interlingua|id Indonesian|ie Interlingue|ig Igbo|ii Sichuan Yi|ik Inupiaq|io Ido|is Icelandic|\
    it Italian|iu Inuktitut|ja Japanese|jv Javanese|ka Georgian|kg Kongo|ki Kikuyu|kj Kuanyama|kk Kazakh|\
    kl Greenlandic|km Khmer|kn Kannada|ko Korean|kr Kanuri|ks Kashmiri|ku Kurdish|kv Komi|kw Cornish|\
    ky Kyrgyz|la Latin|lb Luxembourgish|lg Ganda|li Limburgish|ln Lingala|lo Lao|lt Lithuanian|\
    lu Luba-Katanga|lv Latvian|mg Malagasy|mh Marshallese|mi Maori|mk Macedonian|ml Malayalam|mn Mongolian|\
    mr Marathi|ms Malay|mt Maltese|my Burmese|na Nauru|nb Norwegian Bokmål|nd North Ndebele|ne Nepali|\
    ng Ndonga|nl Dutch|nn Norwegian Nynorsk|no Norwegian|nr South Ndebele|nv Navajo|ny Chichewa|oc Occitan|\
    oj Ojibwa|om Oromo|or Oriya|os Ossetian|pa Punjabi|pi Pali|pl Polish|ps Pashto|pt Portuguese|qu Quechua|\
    rm Romansh|rn Rundi|ro Romanian|ru Russian|rw Kinyarwanda|sa Sanskrit|sc Sardinian|sd Sindhi|\
    se Northern Sami|sg Sango|si Sinhala|sk Slovak|sl Slovenian|sm Samoan|sn Shona|so Somali|sq Albanian|\
    sr Serbian|ss Swati|st Southern Sotho|su Sundanese|sv Swedish|sw Swahili|ta Tamil|te Telugu|tg Tajik|\
    th Thai|ti Tigrinya|tk Turkmen|tl Tagalog|tn Tswana|to Tongan|tr Turkish|ts Tsonga|tt Tatar|tw Twi|\
    ty Tahitian|ug Uighur|uk Ukrainian|ur Urdu|uz Uzbek|ve Venda|vi Vietnamese|vo Volapük|wa Walloon|\
    wo Wolof|xh Xhosa|yi Yiddish|yo Yoruba|za Zhuang|zh Chinese|zu Zulu";

/// A language of ISO 639-1 by its two-letter code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Language(&'static str);

impl Language {
    /// The two letters.
    pub fn code(&self) -> &'static str {
        &self.0[..2]
    }

    /// The English name.
    pub fn name(&self) -> &'static str {
        &self.0[3..]
    }

    /// All languages, by English name.
    pub fn all() -> Vec<Self> {
        let mut all: Vec<Self> = ALL.split('|').map(Self).collect();
        all.sort_by_key(Self::name);
        all
    }

    /// The languages in a comma-separated list; what is no language is left out.
    pub fn list(text: &str) -> Vec<Self> {
        text.split([',', ';', '\n']).filter_map(|entry| entry.parse().ok()).collect()
    }

    /// A comma-separated list of codes as names.
    pub fn names(text: &str) -> String {
        Self::list(text).iter().map(Self::name).collect::<Vec<_>>().join(", ")
    }
}

impl FromStr for Language {
    type Err = BadValue;
    /// Takes the code or the English name.
    fn from_str(text: &str) -> Result<Self, BadValue> {
        let typed = text.trim().to_lowercase();
        let known = ALL.split('|').map(Self).find(|l| l.code() == typed || l.name().to_lowercase() == typed);
        known.ok_or_else(|| BadValue::new(format!("“{}” is not a language we know", text.trim())))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_by_code_and_name() {
        assert_eq!(Language::all().len(), 183);
        assert_eq!(" Finnish ".parse::<Language>().unwrap().code(), "fi");
        assert_eq!("SV".parse::<Language>().unwrap().name(), "Swedish");
        assert!("Elvish".parse::<Language>().is_err() && "".parse::<Language>().is_err());
        assert_eq!(Language::names("en, Elvish; nb"), "English, Norwegian Bokmål");
    }
}
