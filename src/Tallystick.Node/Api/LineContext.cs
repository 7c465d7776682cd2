using Tallystick.Client;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;
using Tallystick.Node.Ledgers;
using Tallystick.Node.Storage;

namespace Tallystick.Node.Api;

/// <summary>What a line says together with the earlier lines that it names.</summary>
/// <param name="Amount">Units that it is about, or null.</param>
/// <param name="Change">Units that it adds to this node's balance, 0 when none.</param>
/// <param name="Settlement">The settlement that it belongs to, or null.</param>
/// <param name="IsAsk">Whether that settlement asks for what its proposer laid out.</param>
internal readonly record struct LineContext(long? Amount, long Change, ObjectKey? Settlement, bool IsAsk)
{
    /// <summary>Reads what the line names; its own page need not be stored.</summary>
    /// <param name="store">The book.</param>
    /// <param name="tab">The tab that the line is on.</param>
    /// <param name="author">Who says it.</param>
    /// <param name="line">The line.</param>
    /// <param name="at">Where it stands, or default while it is on no page.</param>
    public static LineContext Of(ILedgerStore store, TabView tab, Party author, Line line, Ref at)
    {
        var (payer, other) = (author, author.Other());
        switch (line)
        {
            case PayLine pay:
                return Moving(pay.Amount, payer);
            case HoldLine hold:
                return new(hold.Amount.Units, 0, null, IsAsk: false);
            case FulfilLine fulfil when Named(other, fulfil.Hold) is HoldLine hold:
                return Moving(hold.Amount, other);
            case ReleaseLine release when Named(other, release.Hold) is HoldLine hold:
                return new(hold.Amount.Units, 0, null, IsAsk: false);
            case ProposeLine propose:
                return About(author, at, propose, propose.Amount, propose.Method);
            case ModifyLine modify when Named(author, modify.Settlement) is ProposeLine proposal:
                return About(author, modify.Settlement, proposal, modify.Amount, modify.Method);
            case WithdrawLine withdraw when Named(author, withdraw.Settlement) is ProposeLine proposal:
                return About(author, withdraw.Settlement, proposal, proposal.Amount, proposal.Method) with
                {
                    Amount = null,
                };
            case AcceptLine accept:
                return Answer(other, accept.Revision, books: true);
            case DisputeLine dispute:
                return Answer(other, dispute.Revision, books: false);
            case ReceivedLine received:
                return Answer(author, received.Revision, books: true);
            default:
                return default;
        }

        Line? Named(Party chain, Ref place) =>
            place != default && store.ReadPages(tab.Terms.Id, chain, place.Page, 1) is [var page]
                && place.Line < page.Page.Page.Lines.Length
                ? page.Page.Page.Lines[place.Line]
                : null;

        // Whoever comes to owe by a line is the one who signed it; only a hold was signed before.
        LineContext Moving(Amount amount, Party owing) =>
            new(amount.Units, owing == tab.Me ? -amount.Units : amount.Units, null, IsAsk: false);

        LineContext About(Party proposer, Ref settlement, ProposeLine proposal, Amount amount, string method) => new(
            amount.Units,
            Change: 0,
            settlement == default ? null : new ObjectKey(proposer, settlement),
            proposal.PayerIsMe && method == SettlementMethods.Ask);

        LineContext Answer(Party proposer, Ref revision, bool books)
        {
            var named = Named(proposer, revision);
            var (settlement, amount, method) = named switch
            {
                ProposeLine first => (revision, first.Amount, first.Method),
                ModifyLine later => (later.Settlement, later.Amount, later.Method),
                _ => default,
            };
            if ((named as ProposeLine ?? Named(proposer, settlement)) is not ProposeLine proposal)
                return default;
            var receiver = proposal.PayerIsMe ? proposer.Other() : proposer;
            var about = About(proposer, settlement, proposal, amount, method);
            return books && receiver == author ? about with { Change = Moving(amount, author).Change } : about;
        }
    }
}
