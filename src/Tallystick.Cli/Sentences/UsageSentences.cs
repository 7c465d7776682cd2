using static Tallystick.Cli.Sentences.Harmless;

namespace Tallystick.Cli.Sentences;

/// <summary>What is said to somebody whose words were not understood, and the help text.</summary>
internal static class UsageSentences
{
    public const string PayHow = "How much, and to whom? For example: pay bob 10 for lunch";
    public const string ToWhom = "To whom? For example: send 10 credits to bob";
    public const string ForWhat = "For what? For example: pay bob 10 for lunch";
    public const string CheckWhat = "I can check your balance: check balance";
    public const string SettleHow = "How much was paid? For example: settle bob 20 by cash ref R17 from me";
    public const string ModifyHow = "Which, and to how much? For example: settle modify 3f2a81c0 15";
    public const string SaveWhere = "Into which file? For example: settle save 3f2a81c0 lunch.tally";
    public const string DirectionStays =
        "Who pays cannot be changed: withdraw it, and propose it the other way round.";
    public const string AskHow = "How much, of whom, and for what? For example: ask bob 12.50 for pizza";
    public const string SplitHow = "How much, and with whom? For example: split 60 with bob carol for dinner";
    public const string CancelWhat = "Cancel which payment? history shows the id of each: cancel 1a2b3c4d";
    public const string LimitHow = "How much may they owe you? For example: limit bob 100, or: limit bob none";
    public const string HistoryCount = "I can show 1 to 1000 entries: history 50, or: history bob 50";
    public const string PeerAddHow = "A name and where to reach it, please: peer add bob 192.0.2.7:5001";
    public const string PeerRenameHow = "The old name and the new one, please: peer rename bob robert";
    public const string PeerRemoveHow = "Which peer? For example: peer remove bob";
    public const string InviteHow =
        "I can invite somebody: invite, or: invite --limit 100 --expires 12h --once (or: invite revoke ID)";
    public const string RevokeWhich = "Which one? invites shows the id of each: invite revoke 3f2a81c0";
    public const string JoinHow = "Paste the link that you were sent: join tallystick://join/...";
    public const string AcceptWhom = "Accept whom? The fingerprint, or a unique beginning of it: accept ABCD-EFGH";

    public const string Help = """
        pay [PEER] AMOUNT [for MEMO]   you owe them that much more; also: send 10 credits to bob
        settle [PEER] AMOUNT [by HOW]  that much was paid outside; also: ref TEXT, from me, from PEER
        settle list [PEER]             settlements and asks; settle show ID: all that was said of one
        settle accept ID               also: settle dispute ID because REASON, settle received ID
        settle modify ID AMOUNT        also: settle withdraw ID
        settle save ID FILE            what proves it to anybody; verify FILE checks it, without a node
        ask [PEER] AMOUNT [for WHAT]   you laid it out for them: they accept, and owe it to you
        split AMOUNT with PEER PEER    asks each for an equal share; also: for WHAT
        balance [PEER]                 where you stand, and what each may still spend; also: check balance
        history [PEER] [COUNT]         what happened, newest last; also: log
        limit PEER AMOUNT|none         how much they may owe you
        cancel ID                      take back a payment that is still queued
        invite [--limit N]             a link that makes one person your peer; also: --expires 12h, --once
        invites                        what became of your links; also: invite revoke ID
        join LINK [as NAME]            take somebody's invitation; pasting the link is enough
        peers                          who you know, and who knocked
        peer add NAME HOST:PORT        also: peer rename OLD NEW, peer remove NAME [--force]
        peers nearby                   who else is on this network
        accept FINGERPRINT [as NAME]   trust a stranger who knocked, or somebody nearby
        verify [PEER]                  check every signature and sum of both halves again
        reset PEER [--yes]             the way out of a frozen tab, once both of you say yes
        whoami                         your name, fingerprint and address
        exit                           leave; also: farewell, quit, bye, Ctrl-D
        """;

    public static string HowMuch(string peer) => $"How much for {Text(peer, 40)}? For example: pay bob 10 for lunch";

    public static string SettleWhich(string verb) =>
        $"Which one? settle list shows the id of each: settle {verb} 3f2a81c0";

    public static string FromWhom(string peer) =>
        $"From whom: from me, or from {Text(peer, 40)}? Those are the two who can have paid.";

    public static string TwoAmounts(string first, string second) =>
        $"Is it {Text(first, 40)} or {Text(second, 40)}? Write one amount, without spaces or commas.";

    public static string MemoNeedsFor(string word) =>
        $"I lost the thread at \"{Text(word, 40)}\". What it is for comes after \"for\": pay bob 10 for lunch";

    public static string TooMuch(string word) =>
        $"I lost the thread at \"{Text(word, 40)}\". Type help for what I know.";

    public static string PeerWhat(string word, string? nearest) => nearest is null
        ? $"I can add, rename or remove a peer, not \"{Text(word, 40)}\"."
        : $"I can add, rename or remove a peer. Did you mean \"{nearest}\"?";

    public static string Unknown(string word, string? nearest) => nearest is null
        ? $"I do not know \"{Text(word, 40)}\". Type help for what I know."
        : $"I do not know \"{Text(word, 40)}\". Did you mean \"{nearest}\"?";

    public const string KeyIsNoCommand = "That goes outside this shell: tallystick key passphrase";
    public const string NoShellToLeave = "There is no shell to leave here.";
    public const string NothingAsked = "Say what to do; help lists it.";
}
