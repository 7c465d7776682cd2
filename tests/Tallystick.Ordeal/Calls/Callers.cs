using System.Collections.Concurrent;
using Tallystick.Ordeal.Checking;
using Tallystick.Ordeal.Nodes;

namespace Tallystick.Ordeal.Calls;

/// <summary>
/// The people and programs that pay: they note every answer, ask again under the same id whenever none came, hang up,
/// cancel what is queued, and turn limits up and down.
/// </summary>
internal sealed class Callers(
    IReadOnlyList<NodeUnderTest> nodes, IReadOnlyList<Tender> tenders, Score score, CancellationToken broken)
{
    private const int PerNode = 3;
    private readonly ConcurrentQueue<Payment> payments = new();
    private volatile bool closing;

    public IReadOnlyCollection<Payment> Payments => payments;

    /// <summary>Runs until <see cref="Close"/> was called and every payment has its answer.</summary>
    public Task RunAsync(Random seeds)
    {
        List<Task> tasks = [];
        foreach (var node in nodes)
        {
            tasks.AddRange(Enumerable.Range(0, PerNode).Select(_ => new Random(seeds.Next())).ToList()
                .Select(random => PaySteadilyAsync(node, random)));
            tasks.Add(TurnLimitsAsync(node, new Random(seeds.Next())));
        }
        return Task.WhenAll(tasks);
    }

    public void Close() => closing = true;

    /// <summary>Many payments of one node at once.</summary>
    public Task FloodAsync(NodeUnderTest node, Random random, int many) =>
        Task.WhenAll(Enumerable.Range(0, many).Select(_ => new Random(random.Next())).ToList()
            .Select(one => PayOnceAsync(node, one)));

    /// <summary>Asks until there is an answer, and notes it.</summary>
    public async Task AskAsync(Payment payment, Random random, int waitMs, bool isAgain = false)
    {
        for (var again = isAgain; ; again = true)
        {
            if (again)
                score.Add(Count.AskedAgain);
            using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(broken);
            var hangsUp = !closing && random.Next(50) == 0;
            if (hangsUp)
                hangUp.CancelAfter(random.Next(20));
            var answered = await payment.From.Rest.DuringAsync(async () =>
            {
                payment.NoteAsked();
                return Understood(payment, await payment.From.Api.PostAsync(
                    "/api/payments", payment.Body(waitMs), hangUp.Token));
            });
            if (answered)
                return;
            broken.ThrowIfCancellationRequested();
            if (hangsUp && hangUp.IsCancellationRequested)
            {
                payment.IsDoubtful = true;
                score.Add(Count.HungUp);
            }
            await Task.Delay(random.Next(100, 800), broken);
        }
    }

    /// <summary>Takes a payment back if it can still be taken back.</summary>
    public async Task CancelAsync(Payment payment, bool wasCancelledBefore)
    {
        while (true)
        {
            var answer = await payment.From.Rest.DuringAsync(async () =>
            {
                if (payment.From.IsCatchingUp && !wasCancelledBefore)
                    return ApiAnswer.Broken;
                var said = await payment.From.Api.DeleteAsync($"/api/payments/{payment.Request}", broken);
                if (said.IsOk && said.Text("state") == CallsCheck.Cancelled)
                    payment.Note(CallsCheck.Cancelled, score.NowMs);
                return said;
            });
            if (answer.IsOk)
                score.Add(Count.Cancelled);
            if (answer.Status is not (0 or 500 or 503))
                return;
            await Task.Delay(100, broken);
        }
    }

    private async Task PaySteadilyAsync(NodeUnderTest node, Random random)
    {
        while (!closing)
        {
            await PayOnceAsync(node, random);
            await Task.Delay(random.Next(10, 120), broken);
        }
    }

    private async Task PayOnceAsync(NodeUnderTest node, Random random)
    {
        var to = node.Wires.Keys.ElementAt(random.Next(node.Wires.Count));
        var payment = new Payment(
            node, to, tenders[random.Next(tenders.Count)], random.Next(1, 500), $"n {random.Next(1000)}", score.NowMs);
        payments.Enqueue(payment);
        await AskAsync(payment, random, random.Next(4) == 0 ? random.Next(1500) : 0);
        if (payment.Has(CallsCheck.Queued) && random.Next(3) == 0)
        {
            await Task.Delay(random.Next(800), broken);
            await CancelAsync(payment, wasCancelledBefore: false);
        }
        else if (!payment.Has(CallsCheck.Refused) && !payment.IsDoubtful && random.Next(15) == 0)
        {
            await AskAsync(payment, random, 0, isAgain: true);
        }
    }

    private async Task TurnLimitsAsync(NodeUnderTest node, Random random)
    {
        while (!closing)
        {
            await Task.Delay(random.Next(200, 3000), broken);
            var peer = node.Wires.Keys.ElementAt(random.Next(node.Wires.Count));
            var tender = tenders[random.Next(tenders.Count)];
            var limit = random.Next(3) == 0 ? tender.Text(random.Next(0, 40_000)) : "none";
            var answer = await node.Rest.DuringAsync(() => node.Api.PutAsync(
                $"/api/peers/{peer}/limit", new { limit, asset = tender.Code }, broken));
            if (answer.IsOk)
                score.Add(Count.LimitsSet);
            else if (answer.Status is not (0 or 500 or 503))
                throw new OrdealFailedException($"{node.Name} did not set a limit: {answer.Status} {answer.Body}");
        }
    }

    // False: the outcome is unknown.
    private bool Understood(Payment payment, ApiAnswer answer)
    {
        if (answer.Status is 0 or 500 or 503)
            return false;
        var refusal = answer.Text("refusal");
        if (answer.IsOk && answer.Text("state") is { } state)
        {
            payment.Note(state, score.NowMs);
            score.Add(state == CallsCheck.Cancelled ? Count.AskedAgain : Count.Acknowledged);
            if (state == CallsCheck.Queued)
                score.Add(Count.Queued);
            return true;
        }
        if (answer.Status != 409 || refusal == "request-id-reused")
        {
            throw new OrdealFailedException(
                $"{payment.From.Name} said {answer.Status} to {payment.Request}: {answer.Body}");
        }
        // Where an earlier try may still be under way, the answer to a later one is not the last word.
        if (!payment.IsDoubtful)
            payment.Note(CallsCheck.Refused, score.NowMs);
        score.Add(Count.Refused);
        return true;
    }
}
