using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Core.Tests.Scenarios;

namespace Tallystick.Core.Tests.Properties;

/// <summary>For each prefix of a chain: the limit at its last raise, and the bookings with consent after it.</summary>
internal static class RaiseBounds
{
    /// <summary>One bound for each prefix, from the empty one on; null where the last raise had no limit.</summary>
    public static long?[] Of(TwoChains chains, Cuts cuts, Party party)
    {
        var bounds = new long?[chains.Of(party).Count + 1];
        bounds[0] = 0;
        for (var number = 1; number < bounds.Length; number++)
        {
            var page = chains.Of(party)[number - 1].Page;
            var view = new FoldDraft(cuts.At(party, number - 1, (int)page.Seen.Number)!);
            var bound = bounds[number - 1];
            for (var i = 0; i < page.Lines.Length; i++)
            {
                var line = page.Lines[i];
                var limit = view.Of(party.Other()).Limit;
                if (Consented(view, party, line) is { } booked)
                    bound += booked;
                else if (line is PayLine or HoldLine or ReceivedLine)
                    bound = limit.IsNone ? null : limit.Units;
                view.Apply(party, new Ref(number, i), line);
            }
            bounds[number] = bound;
        }
        return bounds;
    }

    private static long? Consented(FoldDraft view, Party party, Line line)
    {
        if (line is AcceptLine accept && view.FindByRevision(party.Other(), accept.Revision) is { } theirs)
            return theirs.Receiver == party ? theirs.Newest.Amount.Units : null;
        return line is ReceivedLine received && view.FindByRevision(party, received.Revision) is { } mine
            && mine.Decision is { Accepted: true } decision && decision.Revision == received.Revision
                ? mine.Newest.Amount.Units
                : null;
    }
}
