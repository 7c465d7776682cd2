using Tallystick.Client;

namespace Tallystick.Processes.Programs;

/// <summary>Payments in a row, whatever happens to the nodes meanwhile.</summary>
internal static class ManyPayments
{
    /// <summary>Asks again under the same id whenever the answer was lost, as the contract has it.</summary>
    public static Task PayAsync(
        NodeProcess payer, NodeProcess to, string amount, List<string> ids, Action accepted) =>
        Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (id, _) =>
        {
            await Until.TrueAsync($"payment {id} is accepted", async () =>
            {
                try
                {
                    var payment = await payer.Client.PayAsync(
                        new PayRequest(amount, to.Name, RequestId: id), CancellationToken.None);
                    Assert.NotEqual(PaymentStates.Refused, payment.State);
                    return true;
                }
                catch (Exception gone) when (
                    gone is NodeUnreachableException or OutcomeUnknownException or ObjectDisposedException)
                {
                    return false;
                }
            });
            accepted();
        });

    public static async Task AreDeliveredAsync(NodeProcess payer, List<string> ids)
    {
        foreach (var id in ids)
        {
            await Until.TrueAsync(
                $"payment {id} is delivered", async () => await payer.StateAsync(id) == PaymentStates.Delivered);
        }
    }
}
