using Tallystick.Core.Identity;
using Tallystick.Core.Money;
using Tallystick.Core.Pages;
using Tallystick.Core.Tabs;

namespace Tallystick.Core.Tests.Scenarios;

/// <summary>
/// Random histories of two nodes with wishes of every kind over several links at once: frames late or lost, processes
/// killed, old books restored. A peer that admits to less than it has seen looks like one whose frames are late.
/// </summary>
public sealed class ChaosTests
{
    private static readonly Hash Pear = Hash.Of("pear"u8);

    [Fact]
    public void Whatever_is_asked_and_whatever_breaks_both_halves_match_in_the_end()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            try
            {
                new Run(seed).Play();
            }
            catch (Exception broken)
            {
                throw new InvalidOperationException($"Seed {seed} broke it.", broken);
            }
        }
    }

    private sealed class Run(int seed)
    {
        private readonly Random random = new(seed);
        private readonly Bench bench = new();
        private readonly List<BenchLink> links = [];
        private readonly Party restored = (Party)(seed % 2);
        private Tests.Loop.LoopDisk? backup;

        public void Play()
        {
            for (var step = 0; step < 220; step++)
            {
                Move(bench.Node((Party)random.Next(2)));
                foreach (var node in bench.Both)
                    AssertBounds(node, bench.Node(node.Me.Other()));
            }
            foreach (var node in bench.Both)
            {
                if (!node.IsRunning)
                    node.Start();
            }
            bench.Cut();
            bench.Settle();
            bench.AssertEqualAndEveryWishEndsOnce();
        }

        private void Move(BenchNode node)
        {
            switch (random.Next(16))
            {
                case <= 5 when node.IsRunning:
                    if (random.Next(5) == 0)
                        bench.Wish(node.Me, Line(node), Line(node));
                    else
                        bench.Wish(node.Me, Line(node));
                    break;
                case <= 11 when links.Count > 0:
                    // Mostly the newest link; now and then what an old one still carries.
                    var link = random.Next(6) == 0 ? links[random.Next(links.Count)] : links[^1];
                    bench.Deliver(link, node.Me, random.Next(1, 6));
                    if (node.IsRunning && random.Next(2) == 0)
                        node.Turn();
                    break;
                case 12 or 13 when bench.A.IsRunning && bench.B.IsRunning
                    && (bench.A.Current is null || random.Next(5) == 0):
                    links.Add(bench.Dial());
                    bench.A.Take(links[^1]);
                    break;
                case 14 when random.Next(4) == 0:
                    if (random.Next(2) == 0)
                        bench.Cut();
                    else if (node.Current is { } current)
                        node.Leave(current);
                    break;
                case 15 when random.Next(4) == 0:
                    if (node.IsRunning)
                        node.Kill();
                    else
                        node.Start();
                    break;
                case 15 when random.Next(6) == 0 && bench.Node(restored).IsRunning:
                    SaveOrRestore();
                    break;
                default:
                    break;
            }
        }

        // Only one side is ever restored: both at once may end in an operator's stop.
        private void SaveOrRestore()
        {
            var node = bench.Node(restored);
            if (backup is null)
            {
                backup = node.Tab.Disk;
                return;
            }
            node.Kill();
            node.Tab.Disk = backup;
            backup = null;
            node.Start();
        }

        private Func<RequestId, Line> Line(BenchNode node)
        {
            var view = node.Tab.State.Mine;
            var amount = Amount.FromUnits(random.Next(1, 60));
            var mine = Any(view.Settlements.Values.Where(settlement => settlement.Proposer == node.Me));
            var theirs = Any(view.Settlements.Values.Where(settlement => settlement.Proposer != node.Me));
            var hold = Any(view.Holds.Values.Where(open => open.Author != node.Me))?.Ref ?? new Ref(1, 0);
            var own = mine?.Ref ?? new Ref(1, 0);
            var answered = theirs is null ? new Ref(1, 0) : Any(theirs.Revisions)!.Ref;
            return random.Next(14) switch
            {
                0 or 1 or 2 => id => new PayLine(id, amount, ""),
                3 => id => new LimitLine(id, CreditLimit.FromUnits(amount.Units * 3)),
                4 => id => new LimitLine(id, amount.Units > 50 ? CreditLimit.None : CreditLimit.FromUnits(500)),
                5 => id => new ProposeLine(id, true, amount, "", ""),
                6 => id => new ProposeLine(id, false, amount, "", ""),
                7 => id => new ModifyLine(id, own, amount, "", ""),
                8 => id => new WithdrawLine(id, own),
                9 => id => new AcceptLine(id, answered),
                10 => id => new DisputeLine(id, answered, ""),
                11 => id => new ReceivedLine(id, mine?.Newest.Ref ?? own),
                12 => id => new HoldLine(id, amount, [Hash.Of(Pear.ToArray())], [], 0),
                _ when amount.Units % 2 == 0 => id => new FulfilLine(id, hold, [Pear]),
                _ => id => new ReleaseLine(id, hold, ""),
            };
        }

        private T? Any<T>(IEnumerable<T> items)
            where T : class
        {
            var list = items.ToList();
            return list.Count == 0 ? null : list[random.Next(list.Count)];
        }

        // What a node shows holds for everything that the other one has written by now, delivered or not.
        private static void AssertBounds(BenchNode node, BenchNode other)
        {
            Assert.Null(node.Tab.State?.Freeze);
            if (!node.IsRunning)
                return;
            var state = node.Tab.State!;
            var bound = Exposure.ToPeer(state.Mine, state.Theirs, state.Unseen, node.Me);
            var draft = new FoldDraft(state.Mine);
            foreach (var page in other.Tab.Disk.Pages[other.Me])
            {
                var head = draft.Of(other.Me).Head;
                if (page.Page.Number <= head.Number)
                    continue;
                // After a restore this node lacks own pages, and the other's newer pages have no view here.
                if (page.Page.Previous != head.Hash || page.Page.Seen.Number > draft.Of(node.Me).Head.Number)
                    return;
                if (node.Tab.Disk.Pages[node.Me].Take((int)page.Page.Seen.Number).LastOrDefault()?.Hash is { } seen
                    && seen != page.Page.Seen.Hash)
                {
                    return;
                }
                draft.Apply(page.Content);
                Assert.True(bound is null || draft.WorstCaseDebtOf(other.Me) <= bound);
                Assert.True(draft.ToFold().DebtOf(node.Me) <= state.Mine.WorstCaseDebtOf(node.Me));
            }
        }
    }
}
