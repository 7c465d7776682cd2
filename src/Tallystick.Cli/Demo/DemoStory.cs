using System.Globalization;
using Tallystick.Cli.Sentences;
using Tallystick.Client;

namespace Tallystick.Cli.Demo;

/// <summary>
/// Tells what two nodes do for each other. Every figure and state in it is an answer of one of them; what does not
/// hold is said, and makes the demo fail.
/// </summary>
internal sealed class DemoStory(DemoAlice alice, DemoBob bob, TextWriter screen)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(25);
    private bool holds = true;

    /// <summary>True when all of it held.</summary>
    public async Task<bool> TellAsync(CancellationToken stop)
    {
        Say("Meet Alice and Bob. Each runs a node: a key, a book and a port of one's own. "
            + "No server stands between them.");
        Introduce("alice", alice.Info, "this process");
        Introduce("bob", bob.Info, $"process {bob.ProcessId}");
        Say("Open both of their pages in a browser, and see there what happens here:");
        ShowPages("alice", alice.Info);
        ShowPages("bob", bob.Info);
        await UntilAsync("they find each other", async () => await SeesAsync(alice.Client, "bob", stop)
            && await SeesAsync(bob.Client, "alice", stop), stop);
        Say("They are connected, over TLS, and know each other by their keys.");
        Say();

        var before = await StandingAsync(alice.Client, "bob", stop);
        await PayAsync(alice.Client, "Alice", new PayRequest("12", "bob", Memo: "lunch", WaitMs: Wait), stop);
        await PayAsync(bob.Client, "Bob", new PayRequest("4", "alice", Memo: "coffee", WaitMs: Wait), stop);
        await TellOfAbsenceAsync(stop);
        Say();

        await new DemoSettlement(alice, bob, Say, Expect, UntilAsync).TellAsync(stop);
        Say();

        await CompareAsync(before - 12 + 4 - 3 + 3, stop);
        await VerifyAsync(stop);
        Say();
        Say(holds ? "Now you are Alice, and Bob is there. Try: pay 5, balance, settle list, help. Leave with: exit"
            : "Something did not hold; it is named above.");
        return holds;
    }

    private static int Wait => (int)Patience.TotalMilliseconds;

    private async Task TellOfAbsenceAsync(CancellationToken stop)
    {
        await bob.LeaveAsync();
        await UntilAsync(
            "Alice notices that Bob is off", async () => !await SeesAsync(alice.Client, "bob", stop), stop);
        Say("Bob goes off: his process has ended.");
        var queued = await PayAsync(alice.Client, "Alice", new PayRequest("3", "bob", Memo: "the bus"), stop);
        Expect(queued.State == PaymentStates.Queued, $"a payment to a peer who is off is {queued.State}, not queued");

        await bob.ComeAsync(stop);
        await alice.MeetAsync(bob, stop);
        Say($"Bob is back (process {bob.ProcessId}).");
        var later = queued;
        await UntilAsync("the queued payment is delivered", async () =>
            (later = await alice.Client.GetPaymentAsync(queued.RequestId, stop)).State == PaymentStates.Delivered,
                stop);
        Say($"  The {later.Amount} {later.Asset} that waited are {later.State}.");
    }

    private async Task<Payment> PayAsync(
        TallystickClient payer, string name, PayRequest request, CancellationToken stop)
    {
        var payment = await payer.PayAsync(request, stop);
        Say($"{name} pays {payment.Peer} {payment.Amount} {payment.Asset} for {payment.Memo}: {payment.State}.");
        if (request.WaitMs > 0)
            Expect(
                payment.State == PaymentStates.Delivered,
                payment.Reason ?? $"the payment is {payment.State}, not delivered");
        return payment;
    }

    private async Task CompareAsync(decimal expected, CancellationToken stop)
    {
        var (hers, his) = (0m, 0m);
        await UntilAsync("both books say the same", async () =>
        {
            hers = await StandingAsync(alice.Client, "bob", stop);
            his = await StandingAsync(bob.Client, "alice", stop);
            return hers == -his;
        }, stop);
        await ShowAsync("Alice's book", alice.Client, stop);
        await ShowAsync("Bob's book", bob.Client, stop);
        Expect(hers == -his, "the two books differ");
        Expect(hers == expected, $"the balance should be {expected.ToString(CultureInfo.InvariantCulture)}");
    }

    private async Task ShowAsync(string whose, TallystickClient client, CancellationToken stop)
    {
        var balances = AnswerSentences.Balances(await client.GetBalancesAsync(cancel: stop), []);
        foreach (var line in balances.Where(l => l[0] != ' '))
            Say($"{whose}: {line}");
    }

    private async Task VerifyAsync(CancellationToken stop)
    {
        var hers = await alice.Client.VerifyAsync("bob", stop);
        var his = await bob.Client.VerifyAsync("alice", stop);
        foreach (var (whose, proofs) in (ReadOnlySpan<(string, Proofs)>)[("Alice", hers), ("Bob", his)])
        {
            foreach (var tab in proofs.Tabs)
                Say($"{whose} verifies: {Harmless.Text(tab.Line, 600)}");
        }

        var match = hers is { Matches: true, Tabs.Count: > 0 } && his is { Matches: true, Tabs.Count: > 0 };
        Expect(match, "the halves do not match");
        if (match)
            Say("Both halves match: every page, signature and sum was checked again on both sides.");
    }

    private static async Task<bool> SeesAsync(TallystickClient client, string peer, CancellationToken stop) =>
        (await client.GetPeersAsync(stop)).Known.Any(p => p.Name == peer && p.Online);

    private static async Task<decimal> StandingAsync(TallystickClient client, string peer, CancellationToken stop)
    {
        var tabs = (await client.GetBalancesAsync(peer, stop)).Tabs;
        return tabs.Count == 0 ? 0 : decimal.Parse(tabs[0].Balance, NumberStyles.Number, CultureInfo.InvariantCulture);
    }

    private async Task UntilAsync(string what, Func<Task<bool>> holdsNow, CancellationToken stop)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await holdsNow())
        {
            if (patience.IsCancellationRequested)
            {
                Expect(false, $"{what}: not within {Patience.TotalSeconds} seconds");
                return;
            }

            await Task.Delay(Glance, stop);
        }
    }

    private void Introduce(string name, NodeInfo info, string where) =>
        Say($"  {name,-5} {info.Fingerprint}  {info.Listen}  {where}, book in {info.DataFolder}");

    private void ShowPages(string name, NodeInfo info) => Say($"  {name,-5} {info.SignIn ?? "has none: --web off"}");

    private void Expect(bool held, string otherwise)
    {
        holds &= held;
        if (!held)
            Say($"  This did not hold: {otherwise}");
    }

    private void Say(string text = "") => screen.WriteLine(text);
}
