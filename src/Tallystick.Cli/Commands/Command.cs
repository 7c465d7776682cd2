namespace Tallystick.Cli.Commands;

/// <summary>What a person may ask for, in the shell, in a script or as one command. A closed family.</summary>
internal abstract record Command
{
    private Command()
    {
    }

    internal sealed record Pay(string Amount, string? Peer, string? Asset, string? Memo) : Command;

    internal sealed record Balance(string? Peer) : Command;

    /// <param name="Fondly">It was asked with <c>farewell</c>, which has an answer of its own.</param>
    internal sealed record Exit(bool Fondly) : Command;

    internal sealed record Accept(string Fingerprint, string? Name) : Command;

    internal sealed record Cancel(string Id) : Command;

    internal sealed record History(string? Peer, int Most) : Command
    {
        public const int UsualMost = 20;
    }

    /// <param name="Limit">Decimal text or <c>none</c>.</param>
    internal sealed record SetLimit(string? Peer, string Limit, string? Asset) : Command;

    /// <param name="Yes">The person has said yes to whatever it would do now.</param>
    /// <param name="Shown">The hash of what was shown and said yes to, or null.</param>
    internal sealed record Reset(string? Peer, string? Asset, bool Yes, string? Shown = null) : Command;

    /// <param name="From">Who pays outside: <c>me</c>, a name, or null for whoever owes.</param>
    internal sealed record Settle(
        string Amount, string? Peer, string? Asset, string? From, string? Method, string? Reference) : Command;

    internal sealed record Ask(string Amount, string? Peer, string? Asset, string? What) : Command;

    internal sealed record Split(string Amount, IReadOnlyList<string> Peers, string? Asset, string? What) : Command;

    internal sealed record ListSettlements(string? Peer) : Command;

    internal sealed record ShowSettlement(string Id) : Command;

    internal sealed record ModifySettlement(string Id, string Amount, string? Method, string? Reference) : Command;

    /// <param name="Answer">accept, dispute or received.</param>
    /// <param name="Twins">What becomes of others that may be the same money, or null.</param>
    internal sealed record AnswerSettlement(string Id, string Answer, string? Reason, string? Twins) : Command;

    internal sealed record WithdrawSettlement(string Id) : Command;

    internal sealed record SaveSettlement(string Id, string File) : Command;

    internal sealed record ListPeers : Command;

    internal sealed record ListNearby : Command;

    internal sealed record AddPeer(string Name, string Address) : Command;

    internal sealed record RenamePeer(string Peer, string Name) : Command;

    internal sealed record RemovePeer(string Peer, bool Force) : Command;

    /// <param name="Limit">The most that each may owe the other, decimal text, or null for any amount.</param>
    /// <param name="Expires">How long it is good, such as <c>12h</c>, or null for a day.</param>
    /// <param name="Once">It is good only while this command waits.</param>
    internal sealed record Invite(string? Limit, string? Asset, string? Expires, bool Once) : Command;

    internal sealed record ListInvites : Command;

    internal sealed record RevokeInvite(string Id) : Command;

    /// <param name="Name">What the inviter is to be called, or null.</param>
    internal sealed record Join(string Link, string? Name) : Command;

    internal sealed record Verify(string? Peer) : Command;

    internal sealed record WhoAmI : Command;

    internal sealed record Help : Command;

    /// <summary>The same command with a name that it had left out: the peer's, or who pays.</summary>
    internal Command With(string peer) => this switch
    {
        Settle { Peer: not null, From: null } settle => settle with { From = peer },
        Settle settle => settle with { Peer = peer },
        Ask ask => ask with { Peer = peer },
        Pay pay => pay with { Peer = peer },
        SetLimit limit => limit with { Peer = peer },
        Reset reset => reset with { Peer = peer },
        _ => this,
    };
}

/// <summary>What came of reading a line. A closed family.</summary>
internal abstract record Reading
{
    private Reading()
    {
    }

    internal sealed record Understood(Command Command) : Reading;

    /// <param name="Message">One friendly sentence, safe to print.</param>
    /// <param name="Nearest">The command that was probably meant, or null.</param>
    internal sealed record NotUnderstood(string Message, string? Nearest = null) : Reading;

    /// <summary>Nothing was typed.</summary>
    internal sealed record Blank : Reading;
}
