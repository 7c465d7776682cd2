using Tallystick.Cli.Sentences;
using Tallystick.Client;
using Tallystick.Core.Money;

namespace Tallystick.Cli.Commands;

/// <summary>Carries out what is asked about settlements.</summary>
internal sealed class SettleExecution(TallystickClient client, AnswerStyle style)
{
    public async Task<Answer?> RunAsync(Command command, CancellationToken cancel) => command switch
    {
        Command.Settle settle => await SettleAsync(settle, cancel),
        Command.Ask ask => Told(await client.SettleAsync(Request(ask), cancel)),
        Command.Split split => await SplitAsync(split, cancel),
        Command.ListSettlements list => Execution.Done(
            await client.GetSettlementsAsync(list.Peer, cancel: cancel),
            () => ContractJson.Default.SettlementList,
            SettlementSentences.List),
        Command.ShowSettlement show => Execution.Done(
            await client.GetSettlementAsync(show.Id, cancel),
            () => ContractJson.Default.SettlementDetail,
            detail => SettlementSentences.Detail(detail, style)),
        Command.ModifySettlement modify => Told(await client.ModifySettlementAsync(
            modify.Id, new ModifyRequest(modify.Amount, modify.Method, modify.Reference), cancel)),
        Command.WithdrawSettlement withdraw => Told(
            await client.WithdrawSettlementAsync(withdraw.Id, cancel: cancel)),
        Command.AnswerSettlement answer => await AnswerAsync(answer, cancel),
        Command.SaveSettlement save => await FileCommands.SaveAsync(client, save, cancel),
        _ => null,
    };

    private static SettleRequest Request(Command.Ask ask) => new(
        ask.Amount, ask.Peer, SettlementPayers.Me, SettlementMethods.Ask, ask.What, ask.Asset);

    private static Answer Told(SettlementResult result) => Execution.Done(
        result, () => ContractJson.Default.SettlementResult, SettlementSentences.Result);

    private async Task<Answer> SettleAsync(Command.Settle settle, CancellationToken cancel)
    {
        var (peer, payer) = (settle.Peer, (string?)null);
        if (settle.From is { } from)
        {
            // "from bob" names the peer too, where it was left out.
            var isMe = IsSame(from, "me") || (peer is not null && !IsSame(from, peer) && await IsMyNameAsync(from));
            if (!isMe && peer is not null && !IsSame(from, peer))
            {
                return Execution.Failed(
                    ExitCodes.Usage, Execution.UsageProblem(UsageSentences.FromWhom(peer)));
            }
            (peer, payer) = isMe ? (peer, SettlementPayers.Me) : (peer ?? from, SettlementPayers.Peer);
        }
        try
        {
            return Told(await client.SettleAsync(
                new SettleRequest(
                    settle.Amount, peer, payer, settle.Method, settle.Reference, settle.Asset),
                cancel));
        }
        catch (TallystickException refused) when (refused.Problem.Refusal == "which-payer")
        {
            var name = peer ?? (await client.GetPeersAsync(cancel)).Known[0].Name;
            return Execution.Failed(ExitCodes.Refused, refused.Problem) with
            {
                WhichPeer = ["me", Harmless.Text(name)],
                LacksName = settle with { Peer = name },
            };
        }

        async Task<bool> IsMyNameAsync(string name) => IsSame((await client.GetNodeAsync(cancel)).Name, name);
    }

    /// <summary>What was typed names the revision that was shown: an id without a number is the first.</summary>
    private async Task<Answer> AnswerAsync(Command.AnswerSettlement answer, CancellationToken cancel)
    {
        var point = answer.Id.IndexOf('.', StringComparison.Ordinal);
        var revision = point >= 0 && int.TryParse(answer.Id[(point + 1)..], out var number) ? number : 1;
        var request = new AnswerRequest(revision, answer.Reason, answer.Twins);
        try
        {
            return Told(answer.Answer switch
            {
                SettlementActions.Accept => await client.AcceptSettlementAsync(answer.Id, request, cancel),
                SettlementActions.Dispute => await client.DisputeSettlementAsync(answer.Id, request, cancel),
                _ => await client.ReceivedSettlementAsync(answer.Id, request, cancel),
            });
        }
        catch (TallystickException refused) when (refused.Problem.Refusal == "has-twin")
        {
            var failed = Execution.Failed(ExitCodes.Refused, refused.Problem);
            return failed with { Lines = [.. failed.Lines, SettlementSentences.Twin(answer)] };
        }
    }

    /// <summary>Asks each for an equal share; what does not divide stays here.</summary>
    private async Task<Answer> SplitAsync(Command.Split split, CancellationToken cancel)
    {
        var known = (await client.GetPeersAsync(cancel)).Known;
        var unknown = split.Peers.FirstOrDefault(name => !known.Any(peer => IsSame(peer.Name, name)));
        if (unknown is not null)
            return Refused("unknown-peer", $"You have no peer called {Harmless.Text(unknown, 40)}: nobody was asked.");
        if (split.Peers.Distinct(StringComparer.OrdinalIgnoreCase).Count() < split.Peers.Count)
            return Refused("bad-split", "Name each person once: nobody was asked.");
        var assets = (await client.GetNodeAsync(cancel)).Assets;
        var meant = assets.FirstOrDefault(asset =>
            split.Asset is null || IsSame(asset, split.Asset) || IsSame(asset.Split('/')[0], split.Asset));
        if (meant is null || !Asset.TryParse(meant, out var asset))
            return Refused("unknown-asset", "There is no such asset here: nobody was asked.");
        if (!AmountText.TryParse(split.Amount, asset, out var whole, out var why))
            return Refused("bad-amount", why);
        var people = split.Peers.Count + 1;
        var share = whole.Units / people;
        if (share == 0)
            return Refused("bad-amount", "That is too little to divide: nobody was asked.");

        var amount = AmountText.Format(share, asset);
        var asks = new List<SettlementResult>();
        try
        {
            foreach (var peer in split.Peers)
                asks.Add(await client.SettleAsync(Request(new Command.Ask(amount, peer, meant, split.What)), cancel));
        }
        catch (TallystickException refused) when (asks.Count > 0)
        {
            var failed = Execution.Failed(ExitCodes.Refused, refused.Problem);
            return failed with
            {
                Lines = [.. asks.SelectMany(SettlementSentences.Result), .. failed.Lines],
            };
        }
        var result = new SplitResult(amount, AmountText.Format(whole.Units - share * people, asset), asks);
        return Execution.Done(result, () => ContractJson.Default.SplitResult, SettlementSentences.Split);
    }

    private static Answer Refused(string name, string detail) =>
        Execution.Failed(ExitCodes.Refused, new Problem("Refused", 409, detail, name));

    private static bool IsSame(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
