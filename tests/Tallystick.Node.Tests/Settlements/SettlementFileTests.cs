using Tallystick.Client;
using Tallystick.Node.Settlements;
using Tallystick.Node.Tests.Api;

namespace Tallystick.Node.Tests.Settlements;

/// <summary>A saved settlement proves itself without a node; whatever is changed in it does not.</summary>
public sealed class SettlementFileTests : TwoNodes
{
    [Fact]
    public async Task Both_sides_save_what_anybody_can_check_and_any_changed_byte_is_found()
    {
        await Alice.Client.PayAsync(new PayRequest("50", WaitMs: 10_000));
        var id = await SettleAsync();
        foreach (var node in new[] { Alice, Bob })
        {
            var bytes = await node.Client.GetSettlementFileAsync(id);
            var proof = SettlementFiles.Check(bytes);
            Assert.True(proof.Holds, string.Join('\n', proof.Lines));
            Assert.Contains(proof.Lines, line => line.Contains("settled, for good", StringComparison.Ordinal));
            Assert.Contains(proof.Lines, line => line == "amount    15.00 credits");
            Assert.Contains(proof.Lines, line => line.StartsWith(
                "the payer's balance was -50.00 before and -35.00 credits after, by page", StringComparison.Ordinal));
            Assert.Contains(proof.Lines, line => line.Contains("(it was 15)", StringComparison.Ordinal));

            // The origin is nobody's signed word: it stands in one byte that is not part of any page.
            var origin = OriginAt(bytes);
            for (var at = 0; at < bytes.Length; at++)
            {
                if (at == origin)
                    continue;
                var changed = bytes.ToArray();
                changed[at] ^= 1;
                Assert.False(SettlementFiles.Check(changed).Holds, $"byte {at} of {bytes.Length}");
            }
        }
    }

    [Fact]
    public async Task A_file_that_is_cut_lengthened_or_none_is_refused_in_one_line()
    {
        var bytes = await Bob.Client.GetSettlementFileAsync(await SettleAsync());
        foreach (var wrong in (byte[][])[[], [1, 2, 3], bytes[..^1], [.. bytes, 0], bytes[..40]])
        {
            var proof = SettlementFiles.Check(wrong);
            Assert.False(proof.Holds);
            Assert.Single(proof.Lines);
        }
    }

    [Fact]
    public async Task One_that_is_agreed_is_saved_as_agreed_and_the_booking_on_page_1_needs_no_page_before()
    {
        var id = (await Alice.Client.SettleAsync(new SettleRequest("30", Payer: "peer"))).Settlement.Id;
        await UntilAsync(Bob, id, SettlementStates.Proposed);
        await Bob.Client.AcceptSettlementAsync(id, new AnswerRequest(1));
        var proof = SettlementFiles.Check(await Bob.Client.GetSettlementFileAsync(id));
        Assert.True(proof.Holds, string.Join('\n', proof.Lines));
        Assert.Contains(proof.Lines, line => line.Contains("agreed by the payer", StringComparison.Ordinal));
    }

    private async Task<string> SettleAsync()
    {
        var request = new SettleRequest("20", Payer: "me", Method: "cash", Reference: "R1");
        var id = (await Alice.Client.SettleAsync(request)).Settlement.Id;
        await UntilAsync(Bob, id, SettlementStates.Proposed);
        await Bob.Client.DisputeSettlementAsync(id, new AnswerRequest(1, "it was 15"));
        await UntilAsync(Alice, id, SettlementStates.Disputed);
        await Alice.Client.ModifySettlementAsync(id, new ModifyRequest("15"));
        await UntilAsync(Bob, id, SettlementStates.Proposed);
        await Bob.Client.AcceptSettlementAsync(id, new AnswerRequest(2));
        await UntilAsync(Alice, id, SettlementStates.Settled);
        return id;
    }

    private static int OriginAt(byte[] bytes)
    {
        const int AfterKeys = 16 + 33 + 33;
        return AfterKeys + 1 + bytes[AfterKeys] + 1;
    }

    private static Task UntilAsync(RunningTestNode node, string id, string state) => Eventually.IsTrueAsync(
        async () => (await node.Client.GetSettlementsAsync()).Settlements is [var only]
            && only.Id.StartsWith(id, StringComparison.Ordinal) && only.State == state,
        $"settlement {id} is {state} at {node.Options.Name}");
}
