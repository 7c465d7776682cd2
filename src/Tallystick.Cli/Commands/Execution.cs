using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tallystick.Cli.Sentences;
using Tallystick.Client;

namespace Tallystick.Cli.Commands;

/// <summary>Carries out commands over the node's API and puts what came of it into words.</summary>
internal sealed class Execution(TallystickClient client, AnswerStyle style)
{
    private const int WaitStepMs = 20_000;

    /// <summary>Never throws for what a node, a network or a person can cause.</summary>
    public async Task<Answer> RunAsync(Command command, CancellationToken cancel)
    {
        try
        {
            return await CarryOutAsync(command, cancel);
        }
        catch (TallystickException refused) when (refused.Problem.Refusal == "which-peer")
        {
            return await AskWhichPeerAsync(refused.Problem, cancel);
        }
        catch (TallystickException refused)
        {
            return Failed(ExitCodes.Refused, refused.Problem);
        }
        catch (NodeUnreachableException unreachable)
        {
            return Failed(
                ExitCodes.NodeUnreachable,
                    new Problem("Node unreachable", 503, unreachable.Message, "node-unreachable"));
        }
        catch (OutcomeUnknownException unknown)
        {
            var detail = AnswerSentences.OutcomeUnknown(unknown.RequestId);
            return Failed(ExitCodes.OutcomeUnknown, new Problem("Outcome unknown", 504, detail, "outcome-unknown"));
        }
    }

    private async Task<Answer> CarryOutAsync(Command command, CancellationToken cancel) => command switch
    {
        Command.Pay pay => await PayAsync(pay, cancel),
        Command.Balance balance => await BalanceAsync(balance, cancel),
        Command.History history => Done(
            await client.GetHistoryAsync(history.Peer, history.Most, before: null, cancel),
            () => ContractJson.Default.HistoryPage,
            page => HistoryTable.Of(page, style)),
        Command.SetLimit limit => await SetLimitAsync(limit, cancel),
        Command.Cancel which => Done(
            await client.CancelAsync(which.Id, cancel), () => ContractJson.Default.Payment, AnswerSentences.Cancelled),
        Command.ListPeers => Done(
            await client.GetPeersAsync(cancel), () => ContractJson.Default.Peers, AnswerSentences.Peers),
        Command.AddPeer add => Done(
            await client.AddPeerAsync(new AddPeerRequest(add.Name, add.Address), cancel),
            () => ContractJson.Default.Peer,
            AnswerSentences.Added),
        Command.Accept accept => Done(
            await client.AcceptPeerAsync(new AcceptPeerRequest(accept.Fingerprint, accept.Name), cancel),
            () => ContractJson.Default.Peer,
            AnswerSentences.Accepted),
        Command.ListNearby => Done(
            await client.GetNearbyAsync(cancel), () => ContractJson.Default.Nearby, NearbySentences.Of),
        Command.RenamePeer rename => Done(
            await client.RenamePeerAsync(rename.Peer, new RenamePeerRequest(rename.Name), cancel),
            () => ContractJson.Default.Peer,
            peer => AnswerSentences.Renamed(rename.Peer, peer)),
        Command.Invite or Command.ListInvites or Command.RevokeInvite or Command.Join =>
            await new InviteExecution(client, style).RunAsync(command, cancel),
        Command.RemovePeer remove => await RemovePeerAsync(remove, cancel),
        Command.Reset reset => await ResetAsync(reset, cancel),
        Command.Verify { Peer: { } file } when FileCommands.IsFile(file) => FileCommands.Verify(file),
        Command.Verify verify => Verified(await client.VerifyAsync(verify.Peer, cancel)),
        Command.WhoAmI => Done(
            await client.GetNodeAsync(cancel), () => ContractJson.Default.NodeInfo, AnswerSentences.WhoAmI),
        Command.Help => new Answer(ExitCodes.Ok, UsageSentences.Help.Split('\n'), () => Quoted(UsageSentences.Help)),
        Command.Exit => Failed(ExitCodes.Usage, UsageProblem(UsageSentences.NoShellToLeave)),
        _ => await new SettleExecution(client, style).RunAsync(command, cancel)
            ?? throw new InvalidOperationException($"There is no way to carry out {command.GetType().Name}."),
    };

    private async Task<Answer> BalanceAsync(Command.Balance balance, CancellationToken cancel)
    {
        var balances = await client.GetBalancesAsync(balance.Peer, cancel);
        var known = balances.Tabs.Count == 0 ? (await client.GetPeersAsync(cancel)).Known : [];
        return Done(balances, () => ContractJson.Default.Balances, all => AnswerSentences.Balances(all, known));
    }

    private async Task<Answer> PayAsync(Command.Pay pay, CancellationToken cancel)
    {
        pay = await WithPeerNamedLastAsync(pay, cancel);
        var request = new PayRequest(
            pay.Amount, pay.Peer, pay.Asset, pay.Memo, client.NewRequestId(), style.WaitForDelivery ? WaitStepMs : 0);
        var payment = await PayOnceAsync(request, cancel);
        while (style.WaitForDelivery && payment.State is (PaymentStates.Queued or PaymentStates.Sent))
        {
            // The same request id again: it pays nothing more, it only waits further.
            payment = await PayOnceAsync(request with { Peer = payment.Peer }, cancel);
        }

        var isOff = payment.State == PaymentStates.Queued && await IsOffAsync(payment.Peer, cancel);
        var isRefused = payment.State is PaymentStates.Refused or PaymentStates.Cancelled;
        var answer = Done(payment, () => ContractJson.Default.Payment, paid => AnswerSentences.Paid(paid, isOff));
        return answer with
        {
            ExitCode = isRefused ? ExitCodes.Refused : ExitCodes.Ok,
            WasOwing = payment.WasOwing && !isRefused,
        };
    }

    /// <summary>
    /// A connection that breaks once is no reason to leave the outcome open: the same id is asked again.
    /// </summary>
    private async Task<Payment> PayOnceAsync(PayRequest request, CancellationToken cancel)
    {
        try
        {
            return await client.PayAsync(request, cancel);
        }
        catch (OutcomeUnknownException unknown)
        {
            try
            {
                return await client.PayAsync(request, cancel);
            }
            catch (NodeUnreachableException)
            {
                throw unknown;
            }
        }
    }

    /// <summary>"pay 10 bob" names a peer where the node counts nothing that is called so.</summary>
    private async Task<Command.Pay> WithPeerNamedLastAsync(Command.Pay pay, CancellationToken cancel)
    {
        if (pay.Asset is null || pay.Peer is not null)
            return pay;
        var assets = (await client.GetNodeAsync(cancel)).Assets;
        if (assets.Any(asset => IsSame(asset, pay.Asset) || IsSame(asset.Split('/')[0], pay.Asset)))
            return pay;
        var peers = (await client.GetPeersAsync(cancel)).Known;
        return peers.Any(peer => IsSame(peer.Name, pay.Asset)) ? pay with { Peer = pay.Asset, Asset = null } : pay;
    }

    private async Task<bool> IsOffAsync(string peer, CancellationToken cancel)
    {
        try
        {
            var peers = await client.GetPeersAsync(cancel);
            return peers.Known.Any(known => IsSame(known.Name, peer) && !known.Online);
        }
        catch (Exception broken) when (broken is TallystickException or NodeUnreachableException)
        {
            // The payment is queued whatever becomes of this question.
            return false;
        }
    }

    private async Task<Answer> SetLimitAsync(Command.SetLimit limit, CancellationToken cancel)
    {
        var peer = limit.Peer ?? await OnlyPeerAsync(cancel);
        var result = await client.SetLimitAsync(peer, new LimitRequest(limit.Limit, limit.Asset), cancel);
        var answer = Done(result, () => ContractJson.Default.LimitResult, AnswerSentences.LimitSet);
        return result.State == PaymentStates.Refused ? answer with { ExitCode = ExitCodes.Refused } : answer;
    }

    private async Task<string> OnlyPeerAsync(CancellationToken cancel)
    {
        var known = (await client.GetPeersAsync(cancel)).Known;
        if (known.Count == 1)
            return known[0].Name;
        var detail = known.Count == 0 ? AnswerSentences.NoPeers : AnswerSentences.WhichPeer;
        var refusal = known.Count == 0 ? "unknown-peer" : "which-peer";
        throw new TallystickException(new Problem("Which peer?", 400, detail, refusal));
    }

    /// <summary>What was shown is what is signed: a yes carries the hash of it.</summary>
    private async Task<Answer> ResetAsync(Command.Reset reset, CancellationToken cancel)
    {
        var peer = reset.Peer ?? await OnlyPeerAsync(cancel);
        var (shown, before) = (reset.Shown, (IReadOnlyList<string>)[]);
        if (shown is null)
        {
            var preview = await client.PreviewResetAsync(peer, reset.Asset, cancel);
            before = ResetSentences.Preview(preview);
            if (!reset.Yes)
            {
                var asked = Done(preview, () => ContractJson.Default.ResetPreview, _ => before);
                return asked with
                {
                    ExitCode = ExitCodes.Refused,
                    ToConfirm = reset with { Peer = preview.Peer, Shown = preview.Hash },
                };
            }
            shown = preview.Hash;
        }
        var result = await client.ConfirmResetAsync(peer, new ResetRequest(shown, reset.Asset), cancel);
        return Done(
            result, () => ContractJson.Default.ResetResult, said => [.. before, .. ResetSentences.Result(said)]);
    }

    private async Task<Answer> RemovePeerAsync(Command.RemovePeer remove, CancellationToken cancel)
    {
        var tabs = remove.Force ? (await client.GetBalancesAsync(remove.Peer, cancel)).Tabs : [];
        await client.RemovePeerAsync(remove.Peer, remove.Force, cancel);
        var removed = new Peer(remove.Peer, null, null, null, Online: false, Trouble: null);
        return Done(removed, () => ContractJson.Default.Peer, peer => AnswerSentences.Removed(peer, tabs));
    }

    private static Answer Verified(Proofs proofs)
    {
        var answer = Done(proofs, () => ContractJson.Default.Proofs, AnswerSentences.Verified);
        return proofs.Matches ? answer : answer with { ExitCode = ExitCodes.Refused };
    }

    private async Task<Answer> AskWhichPeerAsync(Problem problem, CancellationToken cancel)
    {
        try
        {
            var names = (await client.GetPeersAsync(cancel)).Known.Select(peer => Harmless.Text(peer.Name)).ToList();
            var detail = AnswerSentences.WhichOf(names);
            return Failed(ExitCodes.Refused, problem with { Detail = detail }) with { WhichPeer = names };
        }
        catch (Exception broken) when (broken is TallystickException or NodeUnreachableException)
        {
            return Failed(ExitCodes.Refused, problem);
        }
    }

    internal static Answer Failed(int exitCode, Problem problem) =>
        Done(problem, () => ContractJson.Default.Problem, said => [Harmless.Text(said.Detail)]) with
        {
            ExitCode = exitCode,
        };

    internal static Problem UsageProblem(string message) => new("Not understood", 400, message, "usage");

    internal static Answer Done<T>(T value, Func<JsonTypeInfo<T>> type, Func<T, IReadOnlyList<string>> inWords) =>
        new(ExitCodes.Ok, inWords(value), () => JsonSerializer.Serialize(value, type()));

    internal static string Quoted(string text) => "\"" + JsonEncodedText.Encode(text) + "\"";

    private static bool IsSame(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
