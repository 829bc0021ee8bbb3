-- The contract between crawler (writes) and explorer, SQL users and exports (read).
-- Tables, keys, checks, comments, views and macros are declared once, here. All times are UTC.
-- The words of a CHECK are the vocabulary of crawler/names.py; a test compares them.

CREATE TABLE meta (
    key VARCHAR PRIMARY KEY,
    value VARCHAR NOT NULL
);
COMMENT ON TABLE meta IS 'Facts about this file: schema_version, built_at, origin, inputs, built_bytes';
COMMENT ON COLUMN meta.key IS 'Name of the fact';
COMMENT ON COLUMN meta.value IS 'Its value as text; built_at is the time of the newest run that was replayed, so a rebuild of the same archive is identical; inputs is a hash of code, lookups and archive; built_bytes is the size of the file before its times were first moved, 0 for a file as built';

CREATE TABLE source (
    source_id VARCHAR PRIMARY KEY,
    url VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    publisher VARCHAR NOT NULL,
    capabilities VARCHAR[] NOT NULL,
    form VARCHAR NOT NULL CHECK (form IN ('html', 'csv', 'pdf')),
    speaks_by VARCHAR NOT NULL CHECK (speaks_by IN ('model', 'rule', 'none')),
    stale_after_days INTEGER NOT NULL CHECK (stale_after_days > 0),
    is_crawled BOOLEAN NOT NULL
);
COMMENT ON TABLE source IS 'The official sources, from data/sources.toml';
COMMENT ON COLUMN source.source_id IS 'Stable id';
COMMENT ON COLUMN source.url IS 'The official page';
COMMENT ON COLUMN source.title IS 'What it is, in the language of the source';
COMMENT ON COLUMN source.publisher IS 'Who answers for it';
COMMENT ON COLUMN source.capabilities IS 'What its rows speak about; empty: recognition only';
COMMENT ON COLUMN source.form IS 'html, csv or pdf';
COMMENT ON COLUMN source.speaks_by IS 'model: names devices; rule: OS and hardware rules; none: recognition only';
COMMENT ON COLUMN source.stale_after_days IS 'Data older than this many days are shown with their age';
COMMENT ON COLUMN source.is_crawled IS 'False: no parser for the live form yet, the bundled page answers';

CREATE TABLE snapshot (
    snapshot_id VARCHAR PRIMARY KEY,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    origin VARCHAR NOT NULL CHECK (origin IN ('live', 'bundled')),
    rows_hash VARCHAR NOT NULL,
    row_count INTEGER NOT NULL CHECK (row_count >= 0),
    printed_on DATE,
    first_fetched_at TIMESTAMP NOT NULL,
    last_fetched_at TIMESTAMP NOT NULL,
    is_current BOOLEAN NOT NULL,
    CHECK (first_fetched_at <= last_fetched_at)
);
COMMENT ON TABLE snapshot IS 'Each distinct set of rows that a source has printed';
COMMENT ON COLUMN snapshot.snapshot_id IS 'source_id:rows_hash';
COMMENT ON COLUMN snapshot.source_id IS 'The source';
COMMENT ON COLUMN snapshot.origin IS 'live: fetched from the official site; bundled: written for this project from public facts, partial';
COMMENT ON COLUMN snapshot.rows_hash IS 'Hash of the printed rows, whatever their order';
COMMENT ON COLUMN snapshot.row_count IS 'Number of printed rows';
COMMENT ON COLUMN snapshot.printed_on IS 'Update date that the page itself prints';
COMMENT ON COLUMN snapshot.first_fetched_at IS 'When these rows were first seen; for a bundled page the day on which it was written';
COMMENT ON COLUMN snapshot.last_fetched_at IS 'When these rows were last seen';
COMMENT ON COLUMN snapshot.is_current IS 'Whether answers rest on this snapshot';

CREATE TABLE maker (
    maker_id VARCHAR PRIMARY KEY,
    name_ja VARCHAR NOT NULL,
    name_en VARCHAR NOT NULL
);
COMMENT ON TABLE maker IS 'Makers of devices';
COMMENT ON COLUMN maker.maker_id IS 'Stable id';
COMMENT ON COLUMN maker.name_ja IS 'Name in Japanese';
COMMENT ON COLUMN maker.name_en IS 'Name in English';

CREATE TABLE device (
    device_id VARCHAR PRIMARY KEY,
    maker_id VARCHAR NOT NULL REFERENCES maker (maker_id),
    name VARCHAR NOT NULL CHECK (name <> ''),
    form_factor VARCHAR NOT NULL
        CHECK (form_factor IN ('phone', 'tablet', 'feature_phone', 'computer', 'card_reader', 'unknown')),
    os VARCHAR CHECK (os IN ('Android', 'iOS', 'iPadOS', 'Windows', 'macOS', 'ChromeOS')),
    released VARCHAR CHECK (regexp_full_match(released, '\d{4}(-\d{2}(-\d{2})?)?')),
    first_os VARCHAR,
    last_os VARCHAR,
    interface VARCHAR CHECK (interface IN ('contact', 'contactless')),
    is_sold_in_japan BOOLEAN NOT NULL
);
COMMENT ON TABLE device IS 'One row a device: the phones sold in Japan, devices named by an official list, and the world catalogue';
COMMENT ON COLUMN device.device_id IS 'Stable id: the first printed model number, else maker and name folded. Ids of devices known only from the world catalogue are provisional';
COMMENT ON COLUMN device.maker_id IS 'The maker';
COMMENT ON COLUMN device.name IS 'Name as sold';
COMMENT ON COLUMN device.form_factor IS 'Kind of device';
COMMENT ON COLUMN device.os IS 'Operating system, NULL when not known';
COMMENT ON COLUMN device.released IS 'Release date, ISO 8601, as precise as known: 2020, 2020-11 or 2020-11-12';
COMMENT ON COLUMN device.first_os IS 'OS version it came with, NULL when not known';
COMMENT ON COLUMN device.last_os IS 'Last OS version it can get as far as known, as precise as known (18 is any 18.x), NULL when not known';
COMMENT ON COLUMN device.interface IS 'Card readers: contact (the card is put in) or contactless (the card is laid on)';
COMMENT ON COLUMN device.is_sold_in_japan IS 'In the Japanese base catalogue or named by an official list; false: world catalogue only';

CREATE TABLE device_model (
    device_id VARCHAR NOT NULL REFERENCES device (device_id),
    model_number VARCHAR NOT NULL CHECK (model_number <> ''),
    carrier VARCHAR NOT NULL,
    PRIMARY KEY (device_id, model_number, carrier)
);
COMMENT ON TABLE device_model IS 'Model numbers of a device and who sells them';
COMMENT ON COLUMN device_model.device_id IS 'The device';
COMMENT ON COLUMN device_model.model_number IS 'Model number as printed';
COMMENT ON COLUMN device_model.carrier IS 'Carrier id of data/lookups/carriers.csv, free for SIM-free, empty when not known';

CREATE TABLE match_key (
    key VARCHAR NOT NULL CHECK (key <> ''),
    device_id VARCHAR NOT NULL REFERENCES device (device_id),
    kind VARCHAR NOT NULL CHECK (kind IN ('model', 'name', 'maker_name', 'alias', 'spoken')),
    model_number VARCHAR,
    PRIMARY KEY (key, device_id, kind)
);
COMMENT ON TABLE match_key IS 'Folded keys by which a device is found; match_key() of crawler/names.py makes them';
COMMENT ON COLUMN match_key.key IS 'The folded text';
COMMENT ON COLUMN match_key.device_id IS 'The device it finds';
COMMENT ON COLUMN match_key.kind IS 'What was folded: model number, name, maker and name, another written form, the name as it is said';
COMMENT ON COLUMN match_key.model_number IS 'The model number, where kind is model';

CREATE TABLE listing (
    listing_id BIGINT PRIMARY KEY,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    origin VARCHAR NOT NULL CHECK (origin IN ('live', 'bundled')),
    section VARCHAR NOT NULL CHECK (section IN ('listed', 'planned', 'excluded')),
    maker VARCHAR NOT NULL,
    name VARCHAR NOT NULL,
    model VARCHAR NOT NULL,
    carrier VARCHAR NOT NULL,
    note VARCHAR NOT NULL,
    device_id VARCHAR REFERENCES device (device_id),
    model_numbers VARCHAR[],
    is_current BOOLEAN NOT NULL,
    is_note_asking BOOLEAN NOT NULL,
    first_seen_on DATE NOT NULL,
    last_seen_on DATE NOT NULL,
    fact_url VARCHAR,
    fact_as_of VARCHAR,
    fact_confidence VARCHAR CHECK (fact_confidence IN ('high', 'medium', 'low')),
    expanded_from VARCHAR,
    CHECK (first_seen_on <= last_seen_on),
    CHECK ((origin = 'bundled') = (fact_url IS NOT NULL))
);
COMMENT ON TABLE listing IS 'Rows of the official lists as printed, once for each device that they speak of; superseded rows stay with is_current false';
COMMENT ON COLUMN listing.listing_id IS 'Row number in this build';
COMMENT ON COLUMN listing.source_id IS 'The list';
COMMENT ON COLUMN listing.origin IS 'live or bundled';
COMMENT ON COLUMN listing.section IS 'Block of the list: listed, planned (対応予定) or excluded (対象外)';
COMMENT ON COLUMN listing.maker IS 'Maker as printed';
COMMENT ON COLUMN listing.name IS 'Name as printed';
COMMENT ON COLUMN listing.model IS 'Model numbers as printed';
COMMENT ON COLUMN listing.carrier IS 'Carriers as printed';
COMMENT ON COLUMN listing.note IS 'Note as printed, footnotes resolved';
COMMENT ON COLUMN listing.device_id IS 'The device, NULL when the row could not be matched (see issue)';
COMMENT ON COLUMN listing.model_numbers IS 'The model numbers of this device that the row speaks of; NULL: the whole device, by its name';
COMMENT ON COLUMN listing.is_current IS 'Whether the current snapshot prints it';
COMMENT ON COLUMN listing.is_note_asking IS 'Whether the note asks the person to do or check something; an unknown note counts as asking';
COMMENT ON COLUMN listing.first_seen_on IS 'First day on which it was seen';
COMMENT ON COLUMN listing.last_seen_on IS 'Last day on which it was seen';
COMMENT ON COLUMN listing.fact_url IS 'Bundled rows: public source of the fact';
COMMENT ON COLUMN listing.fact_as_of IS 'Bundled rows: when the fact was stated';
COMMENT ON COLUMN listing.fact_confidence IS 'Bundled rows: confidence in the fact';
COMMENT ON COLUMN listing.expanded_from IS 'Bundled rows: the statement about a range or series from which this row was expanded';

CREATE TABLE requirement (
    requirement_id BIGINT PRIMARY KEY,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    origin VARCHAR NOT NULL CHECK (origin IN ('live', 'bundled')),
    capability VARCHAR NOT NULL
        CHECK (capability IN ('card_reading', 'android_certificate', 'iphone_mynumber', 'pc_login')),
    role VARCHAR NOT NULL CHECK (role IN ('rule', 'floor', 'info')),
    platform VARCHAR CHECK (platform IN ('Android', 'iOS', 'iPadOS', 'Windows', 'macOS', 'ChromeOS')),
    min_os VARCHAR,
    min_model VARCHAR,
    needs_nfc BOOLEAN NOT NULL,
    is_understood BOOLEAN NOT NULL,
    section VARCHAR NOT NULL,
    printed VARCHAR NOT NULL,
    fact_url VARCHAR,
    fact_as_of VARCHAR,
    fact_confidence VARCHAR CHECK (fact_confidence IN ('high', 'medium', 'low')),
    CHECK ((origin = 'bundled') = (fact_url IS NOT NULL))
);
COMMENT ON TABLE requirement IS 'Current rules of the official requirements page, once for each capability that they govern; a line that is not understood once for each platform that it may mean';
COMMENT ON COLUMN requirement.requirement_id IS 'Row number in this build';
COMMENT ON COLUMN requirement.source_id IS 'The page';
COMMENT ON COLUMN requirement.origin IS 'live or bundled';
COMMENT ON COLUMN requirement.capability IS 'What it governs';
COMMENT ON COLUMN requirement.role IS 'rule: who meets it is in; floor: who fails it is out, a list decides the rest; info: for the reader';
COMMENT ON COLUMN requirement.platform IS 'Operating system that it speaks of, NULL for info';
COMMENT ON COLUMN requirement.min_os IS 'Lowest OS version';
COMMENT ON COLUMN requirement.min_model IS 'Oldest model';
COMMENT ON COLUMN requirement.needs_nfc IS 'Whether NFC hardware is asked for';
COMMENT ON COLUMN requirement.is_understood IS 'False: the line asks for something that could not be read; what rests on it is at most conditional';
COMMENT ON COLUMN requirement.section IS 'Headings above the line, as printed';
COMMENT ON COLUMN requirement.printed IS 'The line as printed';
COMMENT ON COLUMN requirement.fact_url IS 'Bundled lines: public source of the fact';
COMMENT ON COLUMN requirement.fact_as_of IS 'Bundled lines: when the fact was stated';
COMMENT ON COLUMN requirement.fact_confidence IS 'Bundled lines: confidence in the fact';

CREATE TABLE support (
    device_id VARCHAR NOT NULL REFERENCES device (device_id),
    capability VARCHAR NOT NULL
        CHECK (capability IN ('card_reading', 'android_certificate', 'iphone_mynumber', 'pc_login')),
    model_number VARCHAR NOT NULL,
    status VARCHAR NOT NULL
        CHECK (status IN ('supported', 'conditional', 'planned', 'not_supported', 'delisted', 'not_listed')),
    reason VARCHAR NOT NULL CHECK (reason IN ('excluded', 'wrong_platform', 'os_out_of_reach', 'model_too_old',
        'planned', 'listed', 'delisted', 'rule', 'not_listed')),
    conditions VARCHAR[] NOT NULL,
    min_os VARCHAR,
    min_model VARCHAR,
    note VARCHAR,
    source_id VARCHAR REFERENCES source (source_id),
    origin VARCHAR CHECK (origin IN ('live', 'bundled')),
    first_seen_on DATE,
    last_seen_on DATE,
    PRIMARY KEY (device_id, capability, model_number),
    CHECK (status <> 'conditional' OR (note IS NOT NULL AND len(conditions) > 0)),
    CHECK (status <> 'supported' OR len(conditions) = 0)
);
COMMENT ON TABLE support IS 'The verdict for each device and capability when the OS version of the person is not known';
COMMENT ON COLUMN support.device_id IS 'The device';
COMMENT ON COLUMN support.capability IS 'What the person wants to do';
COMMENT ON COLUMN support.model_number IS 'Empty: the device as a whole; else only this model number, where the list tells model numbers apart';
COMMENT ON COLUMN support.status IS 'The verdict';
COMMENT ON COLUMN support.reason IS 'The rule of the verdict that decided';
COMMENT ON COLUMN support.conditions IS 'What is still open: os, nfc, note, model_number, min_model, pairing';
COMMENT ON COLUMN support.min_os IS 'Lowest OS version that the official rule asks for on this platform';
COMMENT ON COLUMN support.min_model IS 'Oldest model that the official rule asks for on this platform';
COMMENT ON COLUMN support.note IS 'What to do or to check, or the printed note';
COMMENT ON COLUMN support.source_id IS 'The source that decided';
COMMENT ON COLUMN support.origin IS 'Whether that source spoke live or by a bundled page';
COMMENT ON COLUMN support.first_seen_on IS 'First day on which the list named the device';
COMMENT ON COLUMN support.last_seen_on IS 'Last day on which the list named the device';

CREATE TABLE change (
    change_id BIGINT PRIMARY KEY,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    changed_on DATE NOT NULL,
    delta VARCHAR NOT NULL CHECK (delta IN ('ADD', 'DEL', 'MOD')),
    device_id VARCHAR REFERENCES device (device_id),
    before VARCHAR,
    after VARCHAR,
    CHECK ((delta = 'ADD') = (before IS NULL)),
    CHECK ((delta = 'DEL') = (after IS NULL))
);
COMMENT ON TABLE change IS 'What changed on the official lists, from live snapshots only';
COMMENT ON COLUMN change.change_id IS 'Row number in this build';
COMMENT ON COLUMN change.source_id IS 'The list';
COMMENT ON COLUMN change.changed_on IS 'Day of the fetch that showed it';
COMMENT ON COLUMN change.delta IS 'ADD, DEL or MOD';
COMMENT ON COLUMN change.device_id IS 'The device, where the row could be matched';
COMMENT ON COLUMN change.before IS 'The printed row before, as JSON';
COMMENT ON COLUMN change.after IS 'The printed row after, as JSON';

CREATE TABLE run (
    run_id VARCHAR NOT NULL,
    source_id VARCHAR NOT NULL REFERENCES source (source_id),
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP NOT NULL,
    result VARCHAR NOT NULL CHECK (result IN ('new', 'unchanged', 'failed', 'unreachable')),
    reason VARCHAR,
    row_count INTEGER NOT NULL,
    seconds DOUBLE,
    PRIMARY KEY (run_id, source_id)
);
COMMENT ON TABLE run IS 'What each refresh found at each source, failed ones too';
COMMENT ON COLUMN run.run_id IS 'The run';
COMMENT ON COLUMN run.source_id IS 'The source';
COMMENT ON COLUMN run.started_at IS 'Start of the run';
COMMENT ON COLUMN run.finished_at IS 'End of the run';
COMMENT ON COLUMN run.result IS 'new rows, unchanged rows, failed (answered, but not as expected), unreachable';
COMMENT ON COLUMN run.reason IS 'Why it failed';
COMMENT ON COLUMN run.row_count IS 'Rows read';
COMMENT ON COLUMN run.seconds IS 'How long the source was asked; NULL in records before schema 1.1.0';

CREATE TABLE issue (
    issue_id BIGINT PRIMARY KEY,
    source_id VARCHAR REFERENCES source (source_id),
    kind VARCHAR NOT NULL,
    found VARCHAR NOT NULL,
    tip VARCHAR NOT NULL
);
COMMENT ON TABLE issue IS 'Printed values that could not be understood: nothing is dropped in silence';
COMMENT ON COLUMN issue.issue_id IS 'Row number in this build';
COMMENT ON COLUMN issue.source_id IS 'Where it was printed';
COMMENT ON COLUMN issue.kind IS 'What kind of value';
COMMENT ON COLUMN issue.found IS 'The value as printed';
COMMENT ON COLUMN issue.tip IS 'What to do about it';

CREATE TABLE os_word (
    word VARCHAR PRIMARY KEY,
    platform VARCHAR NOT NULL CHECK (platform IN ('Android', 'iOS', 'iPadOS', 'Windows', 'macOS', 'ChromeOS')),
    version VARCHAR
);
COMMENT ON TABLE os_word IS 'Words by which people name an operating system or a release of it';
COMMENT ON COLUMN os_word.word IS 'The word, folded by match_key';
COMMENT ON COLUMN os_word.platform IS 'The operating system';
COMMENT ON COLUMN os_word.version IS 'The version that a release name stands for, NULL for the system as such';

CREATE TABLE pc_rule (
    kind VARCHAR NOT NULL CHECK (kind IN ('way', 'browser')),
    name VARCHAR NOT NULL,
    words VARCHAR[] NOT NULL,
    platforms VARCHAR[] NOT NULL,
    fact_url VARCHAR NOT NULL,
    fact_as_of VARCHAR,
    fact_confidence VARCHAR NOT NULL CHECK (fact_confidence IN ('high', 'medium', 'low')),
    PRIMARY KEY (kind, name)
);
COMMENT ON TABLE pc_rule IS 'What is publicly known of PCs: ways to read the card and browsers, by operating system';
COMMENT ON COLUMN pc_rule.kind IS 'way: card_reader or phone (2D code); browser';
COMMENT ON COLUMN pc_rule.name IS 'Name of the way or browser';
COMMENT ON COLUMN pc_rule.words IS 'Words by which people name it';
COMMENT ON COLUMN pc_rule.platforms IS 'Operating systems for which it is named';
COMMENT ON COLUMN pc_rule.fact_url IS 'Public source of the fact';
COMMENT ON COLUMN pc_rule.fact_as_of IS 'When the fact was stated';
COMMENT ON COLUMN pc_rule.fact_confidence IS 'Confidence in the fact';

CREATE TABLE login_fact (
    fact_id VARCHAR PRIMARY KEY CHECK (regexp_full_match(fact_id, '[a-z0-9_]+')),
    topic VARCHAR NOT NULL CHECK (topic <> ''),
    fact_ja VARCHAR NOT NULL CHECK (fact_ja <> ''),
    fact_en VARCHAR NOT NULL CHECK (fact_en <> ''),
    fact_url VARCHAR NOT NULL CHECK (fact_url <> ''),
    fact_as_of VARCHAR NOT NULL CHECK (regexp_full_match(fact_as_of, 'unknown|\d{4}-\d{2}(-\d{2})?')),
    fact_confidence VARCHAR NOT NULL CHECK (fact_confidence IN ('high', 'medium', 'low')),
    via VARCHAR NOT NULL CHECK (via IN ('page', 'record', 'copy'))
);
COMMENT ON TABLE login_fact IS 'What is publicly known of logging in: validity, PINs, locks, error codes, help lines; worded for this project';
COMMENT ON COLUMN login_fact.fact_id IS 'Stable id, by which the pages of the explorer refer to the fact';
COMMENT ON COLUMN login_fact.topic IS 'What it is about';
COMMENT ON COLUMN login_fact.fact_ja IS 'The fact in Japanese';
COMMENT ON COLUMN login_fact.fact_en IS 'The fact in English';
COMMENT ON COLUMN login_fact.fact_url IS 'Public source of the fact; some sources have no address';
COMMENT ON COLUMN login_fact.fact_as_of IS 'Month or day in which the fact was stated; unknown where the source does not say';
COMMENT ON COLUMN login_fact.fact_confidence IS 'Confidence in the fact';
COMMENT ON COLUMN login_fact.via IS 'page: read on that page; record: known through another record that cites the page; copy: the address is a copy elsewhere, shown without a link';

CREATE TABLE reading (
    reading VARCHAR NOT NULL,
    word VARCHAR NOT NULL,
    kind VARCHAR NOT NULL CHECK (kind IN
        ('maker', 'carrier', 'series', 'suffix', 'letter', 'number', 'mark', 'generation', 'ordinal', 'generic')),
    PRIMARY KEY (reading, word, kind)
);
COMMENT ON TABLE reading IS 'The words that device names are made of, and how they are written and said';
COMMENT ON COLUMN reading.reading IS 'A written or spoken form: アクオス, aquos';
COMMENT ON COLUMN reading.word IS 'The word as it counts: aquos; maker_id or carrier id for those kinds';
COMMENT ON COLUMN reading.kind IS 'Kind of word; generic words carry no identity';

CREATE VIEW compat AS
WITH verdict AS (
    SELECT device_id, model_number, capability, status, reason, conditions, min_os, note, source_id, origin
    FROM support WHERE model_number <> ''
    UNION ALL
    SELECT s.device_id, m.model_number, s.capability, s.status, s.reason, s.conditions, s.min_os, s.note, s.source_id,
        s.origin
    FROM support s
    LEFT JOIN (SELECT DISTINCT device_id, model_number FROM device_model) m USING (device_id)
    WHERE s.model_number = ''
        AND NOT EXISTS (
            FROM support o
            WHERE o.device_id = s.device_id AND o.capability = s.capability AND o.model_number = m.model_number)
)
SELECT
    d.device_id, k.name_ja AS maker, d.name, v.model_number, d.form_factor, d.os, d.released, d.is_sold_in_japan,
    (SELECT string_agg(DISTINCT c.carrier, ', ' ORDER BY c.carrier) FROM device_model c
        WHERE c.device_id = d.device_id AND c.model_number = v.model_number AND c.carrier <> '') AS carriers,
    v.capability, v.status, v.reason, v.conditions, v.min_os, v.note, v.origin, v.source_id, s.url AS source_url,
    p.printed_on, p.last_fetched_at
FROM verdict v
JOIN device d USING (device_id)
JOIN maker k USING (maker_id)
LEFT JOIN source s ON s.source_id = v.source_id
LEFT JOIN snapshot p ON p.source_id = v.source_id AND p.is_current;
COMMENT ON VIEW compat IS 'One flat table for people: device, model number, capability, verdict, source';
COMMENT ON COLUMN compat.device_id IS 'Stable id';
COMMENT ON COLUMN compat.maker IS 'Maker in Japanese';
COMMENT ON COLUMN compat.name IS 'Name as sold';
COMMENT ON COLUMN compat.model_number IS 'Model number, NULL when none is known';
COMMENT ON COLUMN compat.form_factor IS 'Kind of device';
COMMENT ON COLUMN compat.os IS 'Operating system';
COMMENT ON COLUMN compat.released IS 'Release date as precise as known';
COMMENT ON COLUMN compat.is_sold_in_japan IS 'False: world catalogue only';
COMMENT ON COLUMN compat.carriers IS 'Carriers that sell this model number';
COMMENT ON COLUMN compat.capability IS 'What the person wants to do';
COMMENT ON COLUMN compat.status IS 'The verdict when the OS version is not known';
COMMENT ON COLUMN compat.reason IS 'The rule that decided';
COMMENT ON COLUMN compat.conditions IS 'What is still open, as in support';
COMMENT ON COLUMN compat.min_os IS 'Lowest OS version asked for';
COMMENT ON COLUMN compat.note IS 'What to do or to check';
COMMENT ON COLUMN compat.origin IS 'live, or bundled: written for this project, partial, check the official page';
COMMENT ON COLUMN compat.source_id IS 'The source that decided';
COMMENT ON COLUMN compat.source_url IS 'Its official page';
COMMENT ON COLUMN compat.printed_on IS 'Update date printed on the page';
COMMENT ON COLUMN compat.last_fetched_at IS 'When the page was last seen';

-- match_key(text): the key of a name or number, the same as match_key() of crawler/names.py.
-- Rare signs, width, case, kana and compatibility letters are folded one after the other; a test over
-- all characters and one over any text hold the result to the Python key.
CREATE MACRO fold_rare(text) AS
    regexp_replace(text, '[\x{02B0}-\x{02B8}\x{02E0}-\x{02E4}\x{037A}\x{03D0}-\x{03D6}\x{03F0}-\x{03F2}\x{03F5}'
        || '\x{03F9}\x{0587}\x{0675}-\x{0678}\x{0E33}\x{0EB3}\x{0EDC}\x{0EDD}\x{10FC}'
        || '\x{1D2C}-\x{1D6A}\x{1D78}\x{1D9B}-\x{1DBF}\x{1E9A}\x{20A8}\x{2100}-\x{211F}\x{2121}'
        || '\x{2123}-\x{2125}\x{2127}-\x{2129}\x{212C}-\x{214F}\x{2150}-\x{215F}\x{2189}'
        || '\x{2474}-\x{24EA}\x{2C7C}\x{2C7D}\x{2D6F}\x{3038}-\x{303A}\x{309F}\x{30FF}'
        || '\x{3131}-\x{319F}\x{3200}-\x{33FF}\x{A69C}\x{A69D}\x{A770}\x{A7F2}-\x{A7F4}\x{A7F8}'
        || '\x{A7F9}\x{AB5C}-\x{AB5F}\x{AB69}\x{FB13}-\x{FB17}\x{FB20}-\x{FB29}\x{FB4F}-\x{FDFF}'
        || '\x{FE70}-\x{FEFC}\x{FFA0}-\x{FFDC}\x{10000}-\x{1EFFF}\x{1F100}-\x{1F16F}\x{1F190}'
        || '\x{1F200}-\x{1F2FF}\x{1FBF0}-\x{1FBF9}\x{2EBF0}-\x{2EE5D}\x{2B739}\x{31350}-\x{3FFFF}]', '〆', 'g');
CREATE MACRO fold_width(text) AS
    nfc_normalize(translate(
        translate(translate(text, '™®©℠', ''), '！＂＃＄％＆＇（）＊＋，－．／０１２３４５６７８９：；＜＝＞？＠ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ［＼］＾＿｀ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ｛｜｝～',
            '!"#$%&''()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefghijklmnopqrstuvwxyz{|}~'),
        'ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ',
        'ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゙゚'));
CREATE MACRO fold_case(text) AS
    lower(translate(text, 'ª²³µ¹ºĿŀſⅠⅤⅩⅬⅭⅮⅯⅰⅴⅹⅼⅽⅾⅿ①②③④⑤⑥⑦⑧⑨⁰ⁱ⁴⁵⁶⁷⁸⁹ⁿ₀₁₂₃₄₅₆₇₈₉ₐₑₒₓₔₕₖₗₘₙₚₛₜẛ⁺₊﹢ς',
        'a23μ1ollsivxlcdmivxlcdm1234567890i456789n0123456789aeoxəhklmnpstṡ+++σ'));
-- Radicals come out of PDF files in the place of the characters that look the same.
CREATE MACRO fold_radicals(text) AS
    translate(text, '⺟⻳⼀⼁⼂⼃⼄⼅⼆⼇⼈⼉⼊⼋⼌⼍⼎⼏⼐⼑⼒⼓⼔⼕⼖⼗⼘⼙⼚⼛⼜⼝⼞⼟⼠⼡⼢⼣⼤⼥⼦⼧⼨⼩⼪⼫⼬⼭⼮⼯⼰⼱⼲⼳⼴⼵⼶⼷⼸⼹⼺⼻⼼⼽⼾⼿⽀⽁⽂⽃⽄⽅⽆⽇⽈⽉⽊⽋⽌⽍⽎⽏⽐⽑⽒⽓⽔⽕⽖⽗⽘⽙⽚⽛⽜⽝⽞⽟⽠⽡⽢⽣⽤⽥⽦⽧⽨⽩⽪⽫⽬⽭⽮⽯⽰⽱⽲⽳⽴⽵⽶⽷⽸⽹⽺⽻⽼⽽⽾⽿⾀⾁⾂⾃⾄⾅⾆⾇⾈⾉⾊⾋⾌⾍⾎⾏⾐⾑⾒⾓⾔⾕⾖⾗⾘⾙⾚⾛⾜⾝⾞⾟⾠⾡⾢⾣⾤⾥⾦⾧⾨⾩⾪⾫⾬⾭⾮⾯⾰⾱⾲⾳⾴⾵⾶⾷⾸⾹⾺⾻⾼⾽⾾⾿⿀⿁⿂⿃⿄⿅⿆⿇⿈⿉⿊⿋⿌⿍⿎⿏⿐⿑⿒⿓⿔⿕',
        '母龟一丨丶丿乙亅二亠人儿入八冂冖冫几凵刀力勹匕匚匸十卜卩厂厶又口囗土士夂夊夕大女子宀寸小尢尸屮山巛工己巾干幺广廴廾弋弓彐彡彳心戈戶手支攴文斗斤方无日曰月木欠止歹殳毋比毛氏气水火爪父爻爿片牙牛犬玄玉瓜瓦甘生用田疋疒癶白皮皿目矛矢石示禸禾穴立竹米糸缶网羊羽老而耒耳聿肉臣自至臼舌舛舟艮色艸虍虫血行衣襾見角言谷豆豕豸貝赤走足身車辛辰辵邑酉釆里金長門阜隶隹雨靑非面革韋韭音頁風飛食首香馬骨高髟鬥鬯鬲鬼魚鳥鹵鹿麥麻黃黍黑黹黽鼎鼓鼠鼻齊齒龍龜龠');
CREATE MACRO fold_letters(text) AS
    replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(text
        , '¼', '14'), '½', '12'), '¾', '34'), 'ĳ', 'ij'), 'ŉ', 'ʼn'), 'ǆ', 'dž')
        , 'ǉ', 'lj'), 'ǌ', 'nj'), 'ǳ', 'dz'), 'ⅱ', 'ii'), 'ⅲ', 'iii'), 'ⅳ', 'iv')
        , 'ⅵ', 'vi'), 'ⅶ', 'vii'), 'ⅷ', 'viii'), 'ⅸ', 'ix'), 'ⅺ', 'xi'), 'ⅻ', 'xii')
        , '⑩', '10'), '⑪', '11'), '⑫', '12'), '⑬', '13'), '⑭', '14'), '⑮', '15')
        , '⑯', '16'), '⑰', '17'), '⑱', '18'), '⑲', '19'), '⑳', '20')
        , 'ﬀ', 'ff'), 'ﬁ', 'fi'), 'ﬂ', 'fl'), 'ﬃ', 'ffi'), 'ﬄ', 'ffl'), 'ﬅ', 'st'), 'ﬆ', 'st');
CREATE MACRO fold_text(text) AS
    regexp_replace(
        regexp_replace(
            replace(translate(nfc_normalize(fold_letters(fold_radicals(fold_case(fold_width(fold_rare(text)))))),
                'ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろゎわゐゑをんゔゕゖ',
                'ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデトドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロヮワヰヱヲンヴヵヶ'),
                '+', 'plus'),
            '[^\p{L}\p{N}]', '', 'g'),
        '(^|[^ァ-ヿ])ー+', '\1', 'g');
-- Most texts are ASCII, and need none of the tables above.
CREATE MACRO match_key(text) AS
    CASE WHEN regexp_full_match(text, '[\x00-\x7F]*')
        THEN regexp_replace(replace(lower(text), '+', 'plus'), '[^a-z0-9]', '', 'g')
        ELSE fold_text(text) END;
COMMENT ON MACRO fold_rare IS 'A step of match_key; not part of the interface';
COMMENT ON MACRO fold_width IS 'A step of match_key; not part of the interface';
COMMENT ON MACRO fold_case IS 'A step of match_key; not part of the interface';
COMMENT ON MACRO fold_radicals IS 'A step of match_key; not part of the interface';
COMMENT ON MACRO fold_letters IS 'A step of match_key; not part of the interface';
COMMENT ON MACRO fold_text IS 'A step of match_key; not part of the interface';
COMMENT ON MACRO match_key IS 'The folded key of a name or number: width, case, kana, spaces, hyphens and brackets do not count';

-- search_device(text): the devices whose key is that of the text. Devices sold in Japan come before
-- the world catalogue, a model number before a name; a series word alone finds nothing.
CREATE MACRO search_device(text) AS TABLE
WITH hit AS (
    SELECT k.device_id, k.kind, k.model_number, d.is_sold_in_japan
    FROM match_key k JOIN device d USING (device_id)
    WHERE k.key = match_key(text)
        -- Digits typed apart are no number closed up: `iPhone 1.3` is no iPhone 13, `Galaxy A2/35G` no A23 5G.
        AND NOT list_has_any(
            list_filter(regexp_extract_all(d.name, '[0-9]+'), lambda number: len(list_filter(
                regexp_extract_all(k.key, '[0-9]+'), lambda closed: contains(closed, number)
                    AND NOT list_contains(regexp_extract_all(fold_case(fold_width(text)), '[0-9]+'), closed)
            )) > 0),
            list_filter(regexp_extract_all(d.name, '[0-9]+'), lambda number:
                NOT list_contains(regexp_extract_all(fold_case(fold_width(text)), '[0-9]+'), number)))
), abroad AS (
    -- People leave 5G out: the phone here of that name is meant as well as the one abroad.
    SELECT k.device_id, k.kind, k.model_number, true AS is_sold_in_japan
    FROM match_key k JOIN device d USING (device_id)
    WHERE k.key = match_key(text) || '5g' AND d.is_sold_in_japan
        AND EXISTS (FROM hit) AND NOT EXISTS (FROM hit WHERE is_sold_in_japan)
), best AS (
    SELECT * FROM hit
    WHERE is_sold_in_japan = (SELECT bool_or(is_sold_in_japan) FROM hit)
        AND (is_sold_in_japan OR NOT EXISTS (
            FROM reading r WHERE r.kind = 'series' AND match_key(r.reading) = match_key(text)))
    UNION ALL SELECT * FROM abroad
), chosen AS (
    SELECT device_id, max(model_number) FILTER (kind = 'model') AS model_number
    FROM best
    WHERE kind = 'model' OR NOT EXISTS (FROM best WHERE kind = 'model')
    GROUP BY device_id
)
SELECT c.device_id, m.name_ja AS maker, d.name, c.model_number, d.form_factor, d.os, d.is_sold_in_japan
FROM chosen c JOIN device d USING (device_id) JOIN maker m USING (maker_id)
ORDER BY d.is_sold_in_japan DESC, d.device_id;
COMMENT ON MACRO TABLE search_device IS 'The devices whose key is that of the text: sold in Japan before the world catalogue, a model number before a name';

-- check_device(text): the verdicts for a text when the OS version is not known. Several devices that
-- fit are `ambiguous`, none is `unknown`: one row for each capability, always.
CREATE MACRO check_device(text) AS TABLE
WITH found AS (FROM search_device(text)),
number AS (SELECT count(*) AS found_count FROM found),
verdict AS (
    SELECT f.device_id, f.maker, f.name, f.model_number, s.capability, s.status, s.reason, s.min_os, s.note,
        s.origin, s.source_id, c.url AS source_url
    FROM found f
    JOIN support s ON s.device_id = f.device_id AND s.model_number IN ('', coalesce(f.model_number, ''))
    LEFT JOIN source c ON c.source_id = s.source_id
    QUALIFY row_number() OVER (PARTITION BY f.device_id, s.capability ORDER BY s.model_number DESC) = 1
)
SELECT v.capability, v.status, v.* EXCLUDE (capability, status)
FROM verdict v CROSS JOIN number WHERE found_count = 1
UNION ALL BY NAME
SELECT capability, CASE found_count WHEN 0 THEN 'unknown' ELSE 'ambiguous' END AS status
FROM (SELECT unnest(['card_reading', 'android_certificate', 'iphone_mynumber', 'pc_login']) AS capability) w
CROSS JOIN number WHERE found_count <> 1;
COMMENT ON MACRO TABLE check_device IS 'The verdicts for a text when the OS version is not known: one row for each capability, ambiguous where several devices fit, unknown where none does';
