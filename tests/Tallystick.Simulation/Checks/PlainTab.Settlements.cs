using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Simulation.Checks;

/// <content>Settlements: each line judged by what its author could see.</content>
internal sealed partial class PlainTab
{
    private void AddToSettlement(Page page, Ref at, Line line, PlainParty me)
    {
        var (author, peer) = (page.Author, page.Author.Other());
        switch (line)
        {
            case ProposeLine propose:
                var made = new PlainSettlement(author, propose.PayerIsMe ? author : peer);
                made.Revisions.Add((at, propose.Amount.Units));
                settlements.Add((author, at), made);
                break;
            case ModifyLine modify:
                var changed = OpenInView(page, author, modify.Settlement);
                changed.Revisions.Add((at, modify.Amount.Units));
                settlements.Add((author, at), changed);
                Act(changed, page, answers: false);
                break;
            case WithdrawLine withdraw:
                var withdrawn = OpenInView(page, author, withdraw.Settlement);
                withdrawn.WithdrawnOn = page.Number;
                Act(withdrawn, page, answers: false);
                break;
            case AcceptLine accept:
                var accepted = OpenInView(page, peer, accept.Revision);
                CheckAnswer(page, accepted, accept.Revision, accept.Revision);
                accepted.Decisions.Add((page.Number, accept.Revision, accept.Revision));
                if (accepted.Payer != author)
                    Book(accepted, me, accept.Revision, page, withConsent: true);
                Act(accepted, page, answers: true);
                break;
            case DisputeLine dispute:
                var disputed = OpenInView(page, peer, dispute.Revision);
                CheckAnswer(page, disputed, dispute.Revision, null);
                disputed.Decisions.Add((page.Number, dispute.Revision, null));
                Act(disputed, page, answers: true);
                break;
            case ReceivedLine received:
                var taken = OpenInView(page, author, received.Revision);
                if (taken.Payer == author || taken.Revisions[^1].Ref != received.Revision)
                    throw new Violation("rules", $"Page {page.Number} of {author} books what it may not.");
                var agreed = taken.DecisionAt(page.Seen.Number).Accepted == received.Revision;
                Book(taken, me, received.Revision, page, agreed);
                Act(taken, page, answers: false);
                break;
            default:
                throw new Violation("rules", $"A line of {line.GetType().Name} was accepted.");
        }
    }

    // A settlement of this proposer that the page's author must take for open.
    private PlainSettlement OpenInView(Page page, Party proposer, Ref any)
    {
        if (!settlements.TryGetValue((proposer, any), out var found)
            || (proposer != page.Author && any.Page > page.Seen.Number))
        {
            throw new Violation("rules", $"Page {page.Number} of {page.Author} names what it cannot have seen.");
        }
        var withdrawn = found.WithdrawnOn is { } on && (proposer == page.Author || on <= page.Seen.Number);
        var booked = found.Booked is { } by && (by.Author == page.Author || by.Page <= page.Seen.Number);
        return !withdrawn && !booked
            ? found
            : throw new Violation("rules", $"Page {page.Number} of {page.Author} acts on a closed settlement.");
    }

    private static void CheckAnswer(Page page, PlainSettlement settlement, Ref revision, Ref? accepted)
    {
        var newest = settlement.Revisions.FindLast(known => known.Ref.Page <= page.Seen.Number).Ref;
        var last = settlement.DecisionAt(long.MaxValue);
        if (newest != revision || (last.Page > 0 && last.Revision == revision && last.Accepted == accepted))
            throw new Violation("rules", $"Page {page.Number} of {page.Author} answers an old revision, or again.");
    }

    private void Book(PlainSettlement settlement, PlainParty me, Ref revision, Page page, bool withConsent)
    {
        if (settlement.Booked is not null)
            throw new Violation("settled-twice", $"Page {page.Number} of {page.Author} settles again.");
        settlement.Booked = (page.Author, page.Number);
        var units = settlement.Revisions.Find(known => known.Ref == revision).Units;
        me.Given += units;
        if (withConsent)
            me.Bound += units;
        else
            Raise(page, me);
    }

    // A race: both acted on one settlement, and neither had seen the other's act.
    private void Act(PlainSettlement settlement, Page page, bool answers)
    {
        var other = settlement.LastAct[1 - (int)page.Author];
        if (other.Page > page.Seen.Number && other.Answers != answers)
            counts.Races++;
        settlement.LastAct[(int)page.Author] = (page.Number, answers);
    }
}
