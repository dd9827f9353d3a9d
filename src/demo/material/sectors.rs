//! What is typical of each field: sentences that fit every proposal of it, words for companies, risks.

/// One field of the form.
pub(super) struct Sector {
    /// Key of an option of the question `sectors`.
    pub key: &'static str,
    pub label: &'static str,
    /// Why small companies of this field look abroad.
    pub markets: [&'static str; 3],
    /// What cooperation changes for them.
    pub gains: [&'static str; 3],
    /// What may go wrong, and the answer.
    pub risks: [(&'static str, &'static str); 2],
    /// The middle of company names.
    pub words: [&'static str; 4],
}

static SECTORS: [Sector; 11] = [
    Sector {
        key: "advanced_materials",
        label: "advanced materials",
        markets: [
            "A new material is sold only after months of samples, and a small maker cannot carry that time alone.",
            "Customers order where test results exist, and results from one country are seldom known in the next.",
            "Material prices are set by a handful of large groups; small processors win only with know-how and service.",
        ],
        gains: [
            "Shared tests cost each company a fraction of what it would pay alone, and the results belong to all who took part.",
            "Machines that stand idle in one country become capacity for an order from the other.",
            "Technicians who have seen another plant come back with three or four changes they can make the same week.",
        ],
        risks: [
            (
                "Test results turn out worse than hoped",
                "Results are published inside the group only; the sample is changed and tested once more",
            ),
            (
                "A company leaves because an order takes all its people",
                "Each group has one company in reserve that follows the meetings",
            ),
        ],
        words: ["Werkstoff", "Composites", "Surface", "Metal"],
    },
    Sector {
        key: "bioeconomy",
        label: "bioeconomy",
        markets: [
            "Raw materials grow everywhere, but processes and buyers are spread over many small places.",
            "Demand for products from renewable raw material grows faster than the number of suppliers who deliver constant quality.",
            "Forest and farm products cross borders as cheap bulk; the value is added elsewhere.",
        ],
        gains: [
            "A company that finds a buyer for its residue earns twice, because it no longer pays for disposal.",
            "Trials over one growing season in two climates tell more than three years in one place.",
            "Suppliers and buyers agree on quality in words both understand, which ends most quarrels before they begin.",
        ],
        risks: [
            (
                "A bad season spoils the trials",
                "Trials run in two places with different weather, and samples of last year are kept",
            ),
            (
                "Approval of a new raw material takes longer than the project",
                "The authority is asked in the first month, and known materials are used until it answers",
            ),
        ],
        words: ["Bio", "Fibre", "Forest", "Agro"],
    },
    Sector {
        key: "cleantech",
        label: "clean technology",
        markets: [
            "Rules for energy and emissions come from Europe, but each country applies them in its own way and at its own speed.",
            "Owners of plants trust what they can visit, so a reference abroad is worth more than any brochure.",
            "Large contractors offer complete plants; small specialists are heard only when they offer together.",
        ],
        gains: [
            "A reference in a second country shortens the next sale by half, as members tell us again and again.",
            "Companies learn which subsidy, permit and standard applies next door before they spend money on an offer.",
            "Joint offers reach a size at which buyers begin to listen.",
        ],
        risks: [
            (
                "A permit for a trial comes late",
                "Two sites are prepared for each trial, and the first talks with authorities were held before the application",
            ),
            (
                "Energy prices change and customers wait",
                "The work is on solutions that pay for themselves at today's prices",
            ),
        ],
        words: ["Energy", "Enviro", "Power", "Klima"],
    },
    Sector {
        key: "creative",
        label: "creative industries",
        markets: [
            "Creative companies have on average four people; nobody has time for a market whose language and habits are foreign.",
            "Ideas travel easily, contracts do not: rights, fees and taxes stop many cooperations after the first coffee.",
            "Festivals bring attention for a week, but orders come from people one meets again.",
        ],
        gains: [
            "Studios that share a stand, a trip and a contract template spend their time on work instead of paper.",
            "A finished example with a customer who speaks for it opens more doors than a portfolio.",
            "Creative people and engineers who have built one thing together go on calling each other.",
        ],
        risks: [
            ("Partners quarrel about rights", "Every team signs a two-page agreement on rights before it starts"),
            (
                "A customer changes its plans",
                "Each product is made so that it can be shown elsewhere with small changes",
            ),
        ],
        words: ["Studio", "Design", "Media", "Sound"],
    },
    Sector {
        key: "food",
        label: "food",
        markets: [
            "Retail chains list a product from abroad only with proof of quality, steady supply and a story.",
            "Short shelf life and different labels make every border a cost that small producers feel first.",
            "Home markets are small and full; growth comes from guests and neighbours who know the region.",
        ],
        gains: [
            "Producers taste, test and calculate together, and go to the buyer with a list instead of a single jar.",
            "A shared transport and one label in the right language halve the price of the first delivery.",
            "Recipes and machines that exist in one country are new in the next.",
        ],
        risks: [
            ("A retailer ends the trial", "Two chains and a group of restaurants are in touch with the project"),
            (
                "Hygiene rules are read differently abroad",
                "An inspector from each country takes part in the first visit",
            ),
        ],
        words: ["Food", "Taste", "Mill", "Fresh"],
    },
    Sector {
        key: "health",
        label: "health",
        markets: [
            "Each country buys health products in its own way, and small firms learn it by losing tenders.",
            "Clinical evidence from home is often not accepted next door although the patients are the same.",
            "Buyers are public and careful; a test in a known institution is the best door opener.",
        ],
        gains: [
            "A product tested by users in two countries is a better product and has two references.",
            "Firms learn in one day with nurses what a year of market research would not tell them.",
            "Shared advice on approval saves each firm the first wrong path.",
        ],
        risks: [
            (
                "Ethics approval takes time",
                "Tests without patient data begin first; forms for the others are ready at the start",
            ),
            ("Staff in care have no time", "Test days are paid, short and planned with the shift leaders"),
        ],
        words: ["Med", "Care", "Vita", "Clinic"],
    },
    Sector {
        key: "ict",
        label: "information technology",
        markets: [
            "Software needs no lorry to cross a border, but it needs somebody who explains it in the customer's language.",
            "Customers in industry buy from firms they have met, and small firms meet few outside their region.",
            "Standards are made where large firms sit; small firms are heard only as a group.",
        ],
        gains: [
            "Open interfaces agreed between partners save each firm a month of work for every new customer.",
            "Developers who have sat beside users for a day throw half of their plans away and sell the rest.",
            "Firms find abroad the module they would otherwise have built badly themselves.",
        ],
        risks: [
            (
                "Data may not be shared as planned",
                "Trials begin with made-up data, and contracts on data are signed before real data are used",
            ),
            ("Key developers change jobs", "Every result is documented and shown to a second firm"),
        ],
        words: ["Systems", "Data", "Software", "Digital"],
    },
    Sector {
        key: "logistics",
        label: "logistics",
        markets: [
            "Carriers know roads in all of Europe but their digital tools end at the border of one system.",
            "Customers expect to see where goods are; small carriers cannot build that alone.",
            "Margins are thin, so a new service must pay from the first month.",
        ],
        gains: [
            "Half-empty lorries of two firms become one full lorry and one free day.",
            "A shared data format lets small carriers offer what large ones promise.",
            "Warehouses learn from each other which steps a machine can take over at once.",
        ],
        risks: [
            (
                "Carriers do not want to show their figures",
                "Figures are shown as shares only, and a neutral person collects them",
            ),
            (
                "Equipment for a trial is delivered late",
                "Orders are placed in the first month; two firms lend equipment until then",
            ),
        ],
        words: ["Logistics", "Cargo", "Transit", "Depot"],
    },
    Sector {
        key: "maritime",
        label: "maritime technology",
        markets: [
            "Ships move, so suppliers must be where the ship is; a partner in the next harbour is worth a branch office.",
            "Class rules are the same everywhere, yet each yard has its own list of suppliers.",
            "Orders come in waves; firms with customers on two coasts survive the low tide.",
        ],
        gains: [
            "A supplier that has worked on one ship of an owner is asked for the next.",
            "Yards share specialists instead of waiting for them.",
            "Trials at sea are dear alone and fair when three firms share the boat.",
        ],
        risks: [
            ("Weather ends a trial early", "Two windows are booked for each trial at sea"),
            ("A yard withdraws its ship", "Letters from three owners are in hand; one ship is enough"),
        ],
        words: ["Marine", "Nautic", "Offshore", "Harbour"],
    },
    Sector {
        key: "mobility",
        label: "mobility",
        markets: [
            "Large makers buy worldwide, but new ideas for traffic start in single cities that dare to try.",
            "Approval for the road differs in detail, and the detail costs a small maker a year.",
            "Users judge a vehicle in minutes; makers seldom watch them.",
        ],
        gains: [
            "A trial in a foreign city brings data, pictures and a mayor who tells others.",
            "Makers share approval knowledge and spare each other the first refusal.",
            "Workshops and makers who talk before the series starts avoid the most common repairs.",
        ],
        risks: [
            ("A city postpones the trial", "A second city has agreed in writing to step in"),
            ("Vehicles fail in winter", "The trial starts in summer, and spare vehicles are kept for the cold months"),
        ],
        words: ["Mobility", "Drive", "Auto", "Motion"],
    },
    Sector {
        key: "tourism",
        label: "tourism",
        markets: [
            "Guests plan by region and season, not by company, so small hosts are seen only together.",
            "Seasons differ between north and south; partners can share people and guests over the year.",
            "Museums and hosts have stories, but rarely the technology to tell them well.",
        ],
        gains: [
            "A tested installation travels, and so does the invoice.",
            "Hosts learn from visitors' real steps where attention ends.",
            "Makers and hosts agree on equipment that a caretaker can repair.",
        ],
        risks: [
            ("Visitors stay away in the test weeks", "Tests are placed in the high season of each place"),
            ("Technology is misused or broken", "Everything is built twice and insured"),
        ],
        words: ["Travel", "Guest", "Museum", "Event"],
    },
];

/// The field with this key; the first one when there is none.
pub(super) fn sector(key: &str) -> &'static Sector {
    SECTORS.iter().find(|s| s.key == key).unwrap_or(&SECTORS[0])
}
