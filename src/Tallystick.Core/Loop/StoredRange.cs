using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Loop;

/// <summary>The order in which stored pages of both chains are sent: each after the page that it has seen.</summary>
public static class StoredRange
{
    /// <summary>How many pages are read at a time.</summary>
    public const int PagesPerRead = 64;

    /// <summary>
    /// Merges the two ranges. The peer's own chain goes first wherever it can: a restored peer then takes each page
    /// back in exactly the view in which it was written.
    /// </summary>
    /// <param name="range">The numbers of both chains.</param>
    /// <param name="me">The sender's party.</param>
    /// <param name="read">Reads stored pages of an author from a number on, at most so many, in order.</param>
    public static IEnumerable<SignedPage> InOrder(
        SendStored range, Party me, Func<Party, long, int, IReadOnlyList<SignedPage>> read)
    {
        var own = new Chain(me, range.OwnFrom, range.OwnTo, read);
        var peers = new Chain(me.Other(), range.PeerFrom, range.PeerTo, read);
        while (true)
        {
            if (peers.Peek() is { } theirs && theirs.Page.Seen.Number < own.Next)
                yield return peers.Take();
            else if (own.Peek() is { } mine && mine.Page.Seen.Number < peers.Next)
                yield return own.Take();
            else
                yield break;
        }
    }

    private sealed class Chain(
        Party author, long from, long to, Func<Party, long, int, IReadOnlyList<SignedPage>> read)
    {
        private IReadOnlyList<SignedPage> pages = [];
        private int index;

        public long Next { get; private set; } = from;

        public SignedPage? Peek()
        {
            if (index < pages.Count)
                return pages[index];
            if (Next > to)
                return null;
            (pages, index) = (read(author, Next, (int)Math.Min(PagesPerRead, to - Next + 1)), 0);
            return pages.Count > 0 ? pages[0] : null;
        }

        public SignedPage Take()
        {
            Next++;
            return pages[index++];
        }
    }
}
