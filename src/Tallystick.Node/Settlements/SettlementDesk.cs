using System.Text;
using Tallystick.Client;
using Tallystick.Core.Identity;
using Tallystick.Core.Loop;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Settlements;
using Tallystick.Core.Tabs;
using Tallystick.Node.Api;
using Tallystick.Node.Ledgers;

namespace Tallystick.Node.Settlements;

/// <summary>
/// Carries out what people want of settlements: each wish once per request id, each answer to exactly the revision
/// that its person saw.
/// </summary>
internal sealed class SettlementDesk(NodeParts node)
{
    private readonly SettlementBook book = new(node);
    private readonly QueuedSettlements queued = new(node);

    /// <summary>Proposes that an amount was paid outside, or asks for one.</summary>
    public async Task<Answer<SettlementResult>> ProposeAsync(SettleRequest request, CancellationToken cancel)
    {
        var peerChoice = Choice.Peer(node, request.Peer);
        if (peerChoice.Value is not { } peer)
            return peerChoice.Problem!;
        var tabChoice = Choice.Tab(node, peer, request.Asset);
        if (tabChoice.Value is not { } tab)
            return tabChoice.Problem!;
        if (!TryReadId(request.RequestId, out var id))
            return BadId;
        if (!AmountText.TryParse(request.Amount ?? string.Empty, tab.Terms.Asset, out var amount, out var why))
            return Problems.BadInput("bad-amount", why);
        var (method, reference) = (request.Method ?? string.Empty, request.Reference ?? string.Empty);
        if (TextProblem(method, reference) is { } badText)
            return badText;
        // The same wish again means what it meant the first time, whoever owes by now.
        var payerIsMe = node.Store.FindIntent(id) is { Lines: [ProposeLine before] }
            ? before.PayerIsMe
            : PayerIsMe(request, tab);
        if (payerIsMe is not { } isMe)
        {
            return Problems.BadInput("which-payer", request.Payer is null
                ? $"You and {peer.Name} are even: say who pays, from me or from {peer.Name}."
                : "payer is me or peer.");
        }
        if (method == SettlementMethods.Ask && !isMe)
            return Problems.BadInput("which-payer", "Only who laid it out can ask for it.");
        return await AskAsync(
            tab, peer.Name, known: null, new ProposeLine(id, isMe, amount, method, reference), [], cancel);
    }

    /// <summary>Makes a new revision of an own settlement.</summary>
    public async Task<Answer<SettlementResult>> ModifyAsync(
        string typed, ModifyRequest request, CancellationToken cancel)
    {
        var found = book.Find(typed);
        if (found.Value is not { } known)
            return queued.Find(typed) is null ? found.Problem! : StillQueued;
        if (!known.IsMine)
            return Refused(Rejections.NotYours, known);
        if (!TryReadId(request.RequestId, out var id))
            return BadId;
        if (!AmountText.TryParse(request.Amount ?? string.Empty, known.Asset, out var amount, out var why))
            return Problems.BadInput("bad-amount", why);
        var before = node.Store.FindIntent(id) is { Lines: [ModifyLine stored] } ? stored : null;
        var method = request.Method ?? before?.Method ?? known.Record.Newest.Method;
        var reference = request.Reference ?? before?.Reference ?? known.Record.Newest.Reference;
        if (TextProblem(method, reference) is { } badText)
            return badText;
        var line = new ModifyLine(id, known.Record.Ref, amount, method, reference);
        return await AskAsync(known.Tab, known.Peer, known, line, [], cancel);
    }

    /// <summary>Takes an own settlement back; one that is still queued is cancelled.</summary>
    public async Task<Answer<SettlementResult>> WithdrawAsync(
        string typed, WithdrawRequest request, CancellationToken cancel)
    {
        var found = book.Find(typed);
        if (found.Value is not { } known)
            return queued.Find(typed) is { } waiting ? await CancelAsync(waiting, cancel) : found.Problem!;
        if (!known.IsMine)
            return Refused(Rejections.NotYours, known);
        return TryReadId(request.RequestId, out var id)
            ? await AskAsync(known.Tab, known.Peer, known, new WithdrawLine(id, known.Record.Ref), [], cancel)
            : BadId;
    }

    /// <summary>Accepts, disputes or books the revision that the person saw.</summary>
    public async Task<Answer<SettlementResult>> AnswerAsync(
        string typed, SettlementMove move, AnswerRequest request, CancellationToken cancel)
    {
        var found = book.Find(typed);
        if (found.Value is not { } known)
            return queued.Find(typed) is null ? found.Problem! : StillQueued;
        if (known.IsMine != move is SettlementMove.Received)
            return Refused(Rejections.NotYours, known);
        if (!TryReadId(request.RequestId, out var id))
            return BadId;
        if (request.Revision < 1 || request.Revision > known.Record.Revisions.Length)
            return Problems.BadInput("bad-revision", $"It has {known.Record.Revisions.Length} revisions, from 1 on.");
        if (Encoding.UTF8.GetByteCount(request.Reason ?? string.Empty) > PageBounds.MaxMemoBytes)
            return Problems.BadInput("bad-reason", $"A reason has at most {PageBounds.MaxMemoBytes} bytes.");
        if (request.Twins is not (null or TwinChoices.Keep or TwinChoices.Close))
            return Problems.BadInput("bad-twins", "twins is keep or close.");

        var revision = known.Record.Revisions[request.Revision - 1].Ref;
        Line line = move switch
        {
            SettlementMove.Accept => new AcceptLine(id, revision),
            SettlementMove.Dispute => new DisputeLine(id, revision, request.Reason ?? string.Empty),
            _ => new ReceivedLine(id, revision),
        };
        var books = move != SettlementMove.Dispute && !known.IsPaying;
        var twins = books && request.Twins != TwinChoices.Keep ? book.TwinsOf(known) : [];
        if (twins.Count > 0 && request.Twins is null && !node.Ledger.Knows(id))
            return Problems.Refused("has-twin", HasTwin(known, twins));
        var closing = request.Twins is null ? [] : twins.Select(twin => Close(id, twin));
        return await AskAsync(known.Tab, known.Peer, known, line, closing, cancel);
    }

    private async Task<Answer<SettlementResult>> AskAsync(
        TabView tab, string peer, KnownSettlement? known, Line line, IEnumerable<Line> more, CancellationToken cancel)
    {
        var id = line.RequestId;
        // The same wish again closes the same twins, whatever else is open by now.
        var lines = node.Store.FindIntent(id) is { Lines: [var first, ..] stored } && first == line
            ? stored
            : [line, .. more];
        var intent = new Intent(id, lines, node.Time.GetUtcNow().ToUnixTimeMilliseconds(), ExpiresMs: null);
        // What the rules forbid already is refused before anything is written, whether the peer is there or not. The
        // picture may be a moment behind the book, so that it lacks what was found there; then the tab's loop judges.
        if (!node.Ledger.Knows(id) && Judge(tab, lines) is { } refusal && refusal.Why != Rejections.UnknownRef)
        {
            // The picture may be newer than what was found, too: what is said of it is read behind it.
            return Refused(refusal, known is null ? null : book.Find(tab, known.Key));
        }
        var outcome = await node.Ledger.AskAsync(tab.Terms.Id, intent, cancel);
        var now = node.TabOf(tab.Terms.Id) ?? tab;
        if (known is not null)
            known = book.Find(now, known.Key);
        else if (outcome.State is IntentDone done)
            known = book.Find(now, new ObjectKey(now.Me, done.FirstLine));
        if (outcome.State is IntentRefused refused)
            return Refused(refused.Refusal, known);
        return new SettlementResult(
            known is null ? queued.Describe(now, peer, intent, outcome.State) : SettlementBook.Describe(known),
            PaymentText.State(outcome.State, outcome.Delivered),
            outcome.State is IntentWaiting ? PaymentText.WhyItWaits(node, now, peer) : null);
    }

    private async Task<Answer<SettlementResult>> CancelAsync(
        (TabView Tab, RequestId Id) waiting, CancellationToken cancel)
    {
        var outcome = await node.Ledger.CancelAsync(waiting.Tab.Terms.Id, waiting.Id, cancel);
        if (outcome.State is not IntentCancelled || node.Store.FindIntent(waiting.Id) is not { } stored)
            return Problems.Refused("already-sent", "It is signed and sent by now: withdraw it again.");
        var peer = node.NameOf(waiting.Tab);
        var intent = new Intent(waiting.Id, stored.Lines, stored.AskedMs, ExpiresMs: null);
        return new SettlementResult(
            queued.Describe(waiting.Tab, peer, intent, outcome.State), PaymentStates.Cancelled, Reason: null);
    }

    private static Refusal? Judge(TabView tab, IEnumerable<Line> lines)
    {
        var view = new FoldDraft(tab.Snapshot.Mine);
        var number = tab.Snapshot.Mine.Of(tab.Me).Head.Number + 1;
        foreach (var (index, line) in lines.Index())
        {
            if ((PageForm.Check(line) ?? Rules.Judge(view, tab.Me, line)) is { } refusal)
                return refusal;
            view.Apply(tab.Me, new Ref(number, index), line);
        }
        return null;
    }

    private static bool? PayerIsMe(SettleRequest request, TabView tab) => request.Payer switch
    {
        SettlementPayers.Me => true,
        SettlementPayers.Peer => false,
        null when request.Method == SettlementMethods.Ask => true,
        null when tab.Balance != 0 => tab.Balance < 0,
        _ => null,
    };

    // Both ways to close leave the other side's rights as they are; neither says that anything was paid.
    private static Line Close(RequestId id, KnownSettlement twin) => twin.IsMine
        ? new WithdrawLine(id, twin.Record.Ref)
        : new DisputeLine(id, twin.Record.Newest.Ref, "same money");

    private static string HasTwin(KnownSettlement known, IReadOnlyList<KnownSettlement> twins)
    {
        var others = string.Join(", ", twins.Select(twin =>
            $"{twin.Id} ({SettlementText.Amount(twin, twin.Shown)})"));
        return $"Is it the same money as {others}? Both cannot be booked for one payment: close the other with "
            + $"{known.Id}, or say that it is another payment.";
    }

    private static Problem Refused(Rejection why, KnownSettlement known) =>
        Refused(new Refusal(why, SettlementText.NotYours(known)), known);

    private static Problem Refused(Refusal refusal, KnownSettlement? known) =>
        Problems.Refused(refusal.Why.Name, SettlementText.WhyRefused(refusal, known));

    private static Problem? TextProblem(string method, string reference)
    {
        foreach (var (name, text) in ((string, string)[])[("method", method), ("reference", reference)])
        {
            var bytes = Encoding.UTF8.GetByteCount(text);
            if (bytes > PageBounds.MaxReferenceBytes)
            {
                return Problems.BadInput(
                    $"bad-{name}",
                    $"The {name} has {bytes} bytes; at most {PageBounds.MaxReferenceBytes} are possible.");
            }
        }
        return null;
    }

    private bool TryReadId(string? text, out RequestId id)
    {
        id = RequestId.FromGuid(Guid.CreateVersion7(node.Time.GetUtcNow()));
        return text is null || RequestId.TryParse(text, out id);
    }

    private static Problem BadId => Problems.BadInput("bad-request-id", "A request id is a UUID.");

    private static Problem StillQueued => Problems.Refused(
        "still-queued", "It is still queued, and the other knows nothing of it: withdraw it, and propose it anew.");
}
