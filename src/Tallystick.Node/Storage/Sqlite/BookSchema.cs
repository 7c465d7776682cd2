namespace Tallystick.Node.Storage.Sqlite;

/// <summary>The tables of <c>book.db</c>. Their version stands in <c>PRAGMA user_version</c>.</summary>
internal static class BookSchema
{
    /// <summary>Marks the file as ours: "taly" in ASCII.</summary>
    public const long ApplicationId = 0x74616c79;

    /// <summary>The version that this program writes.</summary>
    public const long Version = 5;

    /// <summary>Makes version 1 in an empty file.</summary>
    public const string Create = """
        -- One row for each account with another node, in one asset. me: which of the two keys is this node's.
        create table tab (
            id integer primary key,
            tab_id blob not null unique,
            key0 blob not null,
            key1 blob not null,
            asset text not null,
            scale integer not null,
            me integer not null,
            mine_open_objects blob not null,
            theirs_open_objects blob not null
        ) strict;

        -- The totals of each party in both folds. fold 0: the present view; fold 1: what the peer has seen.
        -- credit_limit null: no limit.
        create table party (
            tab integer not null,
            fold integer not null,
            party integer not null,
            head integer not null,
            head_hash blob not null,
            seen integer not null,
            seen_hash blob not null,
            last_with_lines integer not null,
            given integer not null,
            held integer not null,
            credit_limit integer,
            has_limit integer not null,
            version integer not null,
            settlements_forgotten_to integer not null,
            holds_forgotten_to integer not null,
            primary key (tab, fold, party)
        ) strict, without rowid;

        -- Settlements (kind 0) and holds (kind 1) that a fold still records, by their first line.
        create table object (
            tab integer not null,
            fold integer not null,
            kind integer not null,
            creator integer not null,
            page integer not null,
            line integer not null,
            record blob not null,
            primary key (tab, fold, kind, creator, page, line)
        ) strict, without rowid;

        create table freeze (
            tab integer primary key,
            fault blob not null,
            signature blob not null,
            by_me integer not null
        ) strict;

        -- Both chains. A sequence is never given twice, not even after a cut of the own tail.
        create table page (
            seq integer primary key autoincrement,
            tab integer not null,
            author integer not null,
            number integer not null,
            hash blob not null,
            bytes blob not null,
            signature blob not null,
            has_lines integer not null,
            stored_ms integer not null,
            unique (tab, author, number)
        ) strict;

        -- History shows pages with lines; receipts must not slow it down.
        create index page_with_lines on page (tab, seq) where has_lines = 1;

        -- state 0 waiting, 1 done, 2 refused, 3 cancelled. What is done has its content on the page; from version 3 on
        -- most of it has no row here, but one for the whole page in done_page.
        create table intent (
            request_id blob primary key,
            tab integer not null,
            state integer not null,
            page integer,
            line integer,
            position integer,
            asked_ms integer,
            expires_ms integer,
            lines blob,
            reason text,
            reason_class integer,
            reason_text text
        ) strict, without rowid;

        create index intent_unsigned on intent (tab, state, position) where state <> 1;

        create table hello (
            tab integer not null,
            hash blob not null,
            bytes blob not null,
            signature blob not null,
            primary key (tab, hash)
        ) strict, without rowid;

        -- name_key is the name in upper case: SQLite itself folds only ASCII.
        create table peer (
            id integer primary key,
            name text not null,
            name_key text not null,
            key blob,
            address text,
            claimed_name text,
            removed integer not null,
            name_is_ours integer not null
        ) strict;

        create unique index peer_name on peer (name_key) where removed = 0;
        """;

    /// <summary>What makes each version of the one before it, from version 2 on; a new book goes through all.</summary>
    public static IReadOnlyList<string> Upgrades { get; } =
    [
        """
        -- The resets of a tab that both have signed. first0, first1: where the two chains go on, after hash.
        -- fault, fault_signature, by_me: the freeze that it ended, if this node knew one.
        create table reset (
            tab integer not null,
            era integer not null,
            hash blob not null,
            first0 integer not null,
            first1 integer not null,
            bytes blob not null,
            signature0 blob not null,
            signature1 blob not null,
            stored_ms integer not null,
            fault blob,
            fault_signature blob,
            by_me integer,
            primary key (tab, era)
        ) strict, without rowid;

        -- The reset that this node has signed and the other has not.
        create table reset_offer (
            tab integer primary key,
            bytes blob not null
        ) strict;
        """,
        """
        -- Own pages whose wishes are done and have no rows in table intent: their ids are UUIDs of version 7 from
        -- first_id to last_id, at most a second apart. Which ids, the page tells.
        create table done_page (
            last_id blob not null,
            tab integer not null,
            page integer not null,
            first_id blob not null,
            primary key (last_id, tab, page)
        ) strict, without rowid;
        """,
        """
        -- Where the lines of settlements stand: seq and at name the page and the line on it; tab, creator, page and
        -- line the settlement, by the line that proposed it. name: the end of the proposal's request id, on its line
        -- only. Folds forget what is closed; with this its pages are found without reading any other.
        create table settlement_line (
            seq integer not null,
            at integer not null,
            tab integer not null,
            creator integer not null,
            page integer not null,
            line integer not null,
            by_creator integer not null,
            name integer,
            primary key (seq, at)
        ) strict, without rowid;

        create index settlement_lines on settlement_line (tab, creator, page, line, by_creator, seq, at);
        create index settlement_newest on settlement_line (tab, seq, at) where name is not null;
        create index settlement_name on settlement_line (name) where name is not null;
        """,
        """
        -- Invitations of this node. digest: the hash of what a joiner has to show, which is not kept. state 0 open,
        -- 1 used, 2 revoked. credit_limit null: no limit.
        create table invite (
            digest blob primary key,
            created_ms integer not null,
            expires_ms integer not null,
            asset text not null,
            credit_limit integer,
            state integer not null,
            used_by blob,
            ended_ms integer
        ) strict, without rowid;

        -- told: where the peer itself says that it can be dialled, separated by spaces. join_token: what is still to be
        -- shown to the peer, whose invitation was taken; join_is_new: whether it was no peer before.
        alter table peer add column told text;
        alter table peer add column join_token blob;
        alter table peer add column join_is_new integer not null default 0;
        """,
    ];

    /// <summary>The version whose upgrade leaves settlement_line to be filled from the pages that are there.</summary>
    public const long FirstWithSettlementLines = 4;
}
