namespace Tallystick.Core.Loop;

/// <summary>Whether a tab may write a page now.</summary>
public static class Readiness
{
    /// <summary>The version of the fold that this software computes.</summary>
    public const int FoldVersion = 1;

    /// <summary>
    /// True with a current session, the peer's Hello of this very session, both chains level with it, and no reason to
    /// stop. Whoever has signed a reset writes nothing on the chain that it ends.
    /// </summary>
    public static bool IsReady(this TabState state) => state.IsLevel() && state.Offer is null;

    /// <summary>
    /// True when both sides know that they hold the same of the same era. A frozen tab is level without the pages from
    /// the bad one on.
    /// </summary>
    public static bool IsLevel(this TabState state)
    {
        if (state.Session is not { Theirs: { } signed, Disputed: false } session || state.Stop != TabStop.None)
            return false;
        var hello = signed.Hello;
        var (me, peer) = (state.Mine.Of(state.Me), state.Mine.Of(state.Peer));
        return hello.FoldVersion == FoldVersion
            && hello.Era == state.Era
            && session.Mine.Hello.Era == state.Era
            && me.Head.Number >= hello.Held.Number
            && peer.Head.Number >= me.Seen.Number
            && (peer.Head.Number >= hello.Mine.Number || state.Freeze is { ByMe: true });
    }
}
